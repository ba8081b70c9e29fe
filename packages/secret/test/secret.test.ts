import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../src/index.ts'

const secret = Secret.of('hush')
const bytes = new TextEncoder().encode('hush')

it('reveals what it holds to whoever asks', () => {
  expect(secret.reveal()).toBe('hush')
  expect(Secret.of('').reveal()).toBe('')
  expect(Secret.of(bytes).reveal()).toEqual(bytes)
})

it('keeps a copy of bytes: the original may be wiped', () => {
  const original = Uint8Array.from(bytes)
  const kept = Secret.of(original)
  original.fill(0)
  expect(kept.reveal()).toEqual(bytes)
})

describe.each([
  ['a string', secret],
  ['bytes', Secret.of(bytes)],
])('of %s', (_, secret) => {
  it('prints as [secret] wherever text is made of it', () => {
    expect(`${secret}`).toBe('[secret]')
    expect(String(secret)).toBe('[secret]')
    // oxlint-disable-next-line typescript/restrict-plus-operands -- That is the case in question.
    expect('token: ' + secret).toBe('token: [secret]')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
    expect(inspect({ nested: { secret } }, { depth: Infinity })).toBe('{ nested: { secret: [secret] } }')
  })

  it('shows nothing to what looks at its properties', () => {
    const raw = inspect(secret, { customInspect: false, showHidden: true, depth: Infinity })
    for (const trace of ['hush', '104', '68 75']) expect(raw).not.toContain(trace)
    expect(Reflect.ownKeys(secret)).toEqual([])
    expect(JSON.stringify(structuredClone(secret))).toBe('{}')
    expect({ ...secret }).toEqual({})
    expect(Object.entries(secret)).toEqual([])
  })

  it('shows nothing in an error that it was put into', () => {
    const error = new Error(`refused ${secret}`, { cause: { secret } })
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('hush')
    expect(error.stack).toContain('refused [secret]')
  })
})

it.each([[['hush']], [{ value: 'hush' }], [undefined], [5], [new ArrayBuffer(4)]])(
  'takes strings and bytes only, and does not say what it got: %#',
  (value) => {
    expect(() => Secret.of(value as unknown as string)).toThrow(
      /^Secret\.of: value must be a string or a Uint8Array\.$/,
    )
    expect(() => Secret.of(value as unknown as string)).toThrow(
      expect.objectContaining({ name: 'OptionError', code: 'FETCHSTACK_INVALID_OPTION' }),
    )
  },
)
