import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { memoryStore, TokenError, type TokenSourceOptions } from '../src/index.ts'
import { failureOf, rig } from './helpers.ts'

const SECRET = 'hush-Kf81'
const leaky = Object.assign(new Error(`refused: refresh_token=${SECRET}`), { body: { access_token: SECRET } })

/** What a console writes. */
function printed(...values: unknown[]): string {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  new Console({ stdout: stream, stderr: stream }).error(...values)
  return text
}

const store = (part: 'load' | 'compareAndSet' | 'lock') => ({ ...memoryStore(), [part]: () => Promise.reject(leaky) })
const cases: [string, TokenSourceOptions, string][] = [
  ['the refresh', {}, 'REFRESH'],
  ['the refresh, for good', { terminal: () => true }, 'TERMINAL'],
  ['the store, when it is read', { store: store('load') }, 'STORE'],
  ['the lock', { store: store('lock') }, 'LOCK'],
]

describe('a secret in what was thrown is not printed; the cause is there for programs', () => {
  it.each(cases)('by %s', async (_, options, kind) => {
    const { source } = rig(options, async () => Promise.reject(leaky))
    const error = (await failureOf(source.get())) as TokenError
    expect(error).toBeInstanceOf(TokenError)
    expect(error.code).toBe(`FETCHSTACK_TOKEN_${kind}`)
    expect(error.cause).toBe(leaky)
    const dumps = [
      String(error),
      error.message,
      error.stack,
      inspect(error, { depth: Infinity, showHidden: true }),
      inspect(error, { depth: Infinity, showHidden: true, customInspect: false }),
      inspect({ error, wrapped: new Error('outer', { cause: error }) }, { depth: Infinity }),
      JSON.stringify(error),
      JSON.stringify({ ...error }),
      printed(error, [error], '%o %j', error),
    ]
    expect(dumps.join('\n')).not.toContain(SECRET)
    expect(dumps.join('\n')).toContain(error.message)
  })

  // Measured on Bun 1.4: it prints a `cause` of an error's own, a getter too; its `util.inspect` any, but for what prints itself.
  it('nor in Bun, whose console looks behind getters', () => {
    vi.stubGlobal('Bun', {})
    const error = new TokenError('REFRESH', 'It failed.', { cause: leaky })
    vi.unstubAllGlobals()
    expect(error.cause).toBe(leaky)
    expect(Object.hasOwn(error, 'cause')).toBe(false)
    expect(inspect(error)).toBe(error.stack)
  })

  it('without a cause there is none', () => {
    expect(new TokenError('TIMEOUT', 'It took too long.').cause).toBeUndefined()
  })
})
