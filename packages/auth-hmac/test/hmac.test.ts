import { auth } from '@fetchstack/auth'
import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import { Secret } from '@fetchstack/secret'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it, vi } from 'vitest'
import { type HmacKey, type HmacOptions, type HmacPreset, hmac } from '../src/index.ts'
import { printed, rejection, sign } from './helpers.ts'

const URL_OF = 'https://hooks.example.com/in'
const ORIGIN = 'https://hooks.example.com'
const SECRET = 'hush-Kf81'
const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const NOON = Date.UTC(2026, 10, 22, 12)
const POST = { method: 'POST', body: '{}' }

describe('bad input is found when it is made, and nothing of a key is in the message', () => {
  const own = (changes: object): unknown => ({
    key: SECRET,
    preset: { headers: { signature: 'x-sig' }, base: () => [], ...changes },
  })

  it.each<[string, unknown]>([
    ['no options', undefined],
    ['no key', { preset: 'github' }],
    ['an empty key', { key: '', preset: 'github' }],
    ['no bytes', { key: new Uint8Array(), preset: 'github' }],
    ['a key of another kind', { key: { secret: SECRET }, preset: 'github' }],
    ['a key with a line break at its end', { key: `${SECRET}\r\n`, preset: 'slack' }],
    ['an empty Secret', { key: Secret.of(''), preset: 'slack' }],
    ['a key that is no base64', { key: `whsec_${SECRET}!`, preset: 'standard-webhooks' }],
    ['a key that is half of base64', { key: 'whsec_A', preset: 'standard-webhooks' }],
    ['a prefix alone', { key: 'whsec_', preset: 'standard-webhooks' }],
    ['an odd number of hex digits', { ...(own({ key: 'hex' }) as object), key: 'abc' }],
    ['no preset', { key: SECRET }],
    ['an unknown preset', { key: SECRET, preset: 'gitlab' }],
    ['a preset that every object has', { key: SECRET, preset: 'toString' }],
    ['an unknown option', { key: SECRET, preset: 'github', header: 'x' }],
    ['a preset without headers', own({ headers: undefined })],
    ['a preset without a signature', own({ headers: { timestamp: 'x' } })],
    ['a header with a line break', own({ headers: { signature: 'x\r\n' } })],
    ['one header for two things', own({ headers: { signature: 'x-a', timestamp: 'X-A' } })],
    ['an unknown header', own({ headers: { signature: 'x', nonce: 'y' } })],
    ['a preset without a base', own({ base: undefined })],
    ['a weak hash', own({ hash: 'SHA-1' })],
    ['an unknown encoding', own({ encoding: 'HEX' })],
    ['an unknown unit', own({ timestamp: 's' })],
    ['an unknown key format', own({ key: 'ascii' })],
    ['a prefix with a line break', own({ prefix: 'a\n' })],
    ['an unknown part of a preset', own({ algorithm: 'SHA-256' })],
  ])('%s', (_, options) => {
    const error = (() => {
      try {
        hmac(options as HmacOptions)
      } catch (error) {
        return error as OptionError
      }
      throw new Error('It was taken.')
    })()
    expect(error).toBeInstanceOf(OptionError)
    expect(error.code).toBe('FETCHSTACK_INVALID_OPTION')
    expect(printed(error)).not.toContain(SECRET)
  })
})

describe('the key', () => {
  const signatureOf = async (key: HmacOptions['key']) =>
    (await sign(hmac({ key, preset: 'github' }), URL_OF, POST)).header('x-hub-signature-256')

  it('may be a text, bytes, a Secret of both, or a function that gives one', async () => {
    const bytes = new TextEncoder().encode(SECRET)
    const keys: HmacKey[] = [SECRET, bytes, Secret.of(SECRET), Secret.of(bytes)]
    const all = await Promise.all([...keys, ...keys.map((key) => () => Promise.resolve(key))].map(signatureOf))
    expect([all.length, new Set(all).size]).toEqual([8, 1])
  })

  it('is copied: what happens to the bytes later does not matter', async () => {
    const bytes = new TextEncoder().encode(SECRET)
    const scheme = hmac({ key: bytes, preset: 'github' })
    bytes.fill(0)
    const request = await sign(scheme, URL_OF, POST)
    expect(request.header('x-hub-signature-256')).toBe(await signatureOf(SECRET))
  })

  it('from a function: asked for each request on the wire, with the signal, and for no other origin', async () => {
    const key = vi.fn(() => SECRET)
    const mock = mockHandler([200, 200, 200])
    const api = HandlerStack.create(mock)
      .push(auth(hmac({ key, preset: 'github' }), { origins: ORIGIN }))
      .toFetch()
    const { signal } = new AbortController()
    await api(URL_OF, { ...POST, signal })
    await api(URL_OF, POST)
    await api('https://elsewhere.example.com/', POST)
    expect(key.mock.calls).toEqual([[{ reason: 'initial', signal }], [{ reason: 'initial', signal: undefined }]])
    expect(mock.last!.request.header('x-hub-signature-256')).toBeUndefined()
  })

  it('that can not be given rejects the call; what was thrown is not printed', async () => {
    for (const key of [
      () => Promise.reject(new Error(SECRET)),
      () => {
        throw new Error(SECRET)
      },
    ]) {
      const error = await rejection(hmac({ key, preset: 'github' }), URL_OF, POST)
      expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_PROVIDER' })
      expect((error.cause as Error).message).toBe(SECRET)
      expect(printed(error)).not.toContain(SECRET)
    }
  })

  it('that turns out to be none rejects the call, and nothing is sent', async () => {
    for (const given of [undefined, '', `${SECRET}\n`, 7, { SECRET }]) {
      const error = await rejection(hmac({ key: () => given as string, preset: 'slack' }), URL_OF, POST)
      expect(error.code).toBe('FETCHSTACK_AUTH_SECRET')
      expect(printed(error)).not.toContain(SECRET)
    }
  })

  it('that does not come: an abort ends the wait at once, with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const key = () => {
      controller.abort(reason)
      return new Promise<never>(() => {})
    }
    expect(await rejection(hmac({ key, preset: 'github' }), URL_OF, { ...POST, signal: controller.signal })).toBe(
      reason,
    )
  })
})

it('many calls at once do not mix, and each has an id of its own', async () => {
  const scheme = hmac({ key: async () => WHSEC, preset: 'standard-webhooks' })
  const clock = { now: () => NOON }
  const bodies = Array.from({ length: 100 }, (_, index) => `{"n":${index}}`)
  const all = await Promise.all(bodies.map((body) => sign(scheme, URL_OF, { ...POST, body }, { clock })))
  expect(new Set(all.map((request) => request.header('webhook-id'))).size).toBe(100)
  const headers = { 'webhook-id': all[42]!.header('webhook-id')! }
  const alone = await sign(scheme, URL_OF, { ...POST, body: bodies[42], headers }, { clock })
  expect(all[42]!.header('webhook-signature')).toBe(alone.header('webhook-signature'))
})

it('a second attempt of a call has the id of the first, and a timestamp of its own', async () => {
  let now = NOON
  const again: Middleware = (next) => async (request, call) => {
    await next(request, call)
    now += 2000
    return next(request, call)
  }
  const mock = mockHandler([503, 200, 503, 200])
  const layer = auth(hmac({ key: WHSEC, preset: 'standard-webhooks' }), { origins: ORIGIN, clock: { now: () => now } })
  const api = HandlerStack.create(mock).push(again, 'again').push(layer).toFetch()
  await api(URL_OF, POST)
  await api(URL_OF, POST)
  const [ids, times, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    mock.calls.map(({ request }) => request.header(name)),
  )
  expect([ids![0] === ids![1], ids![2] === ids![3], ids![0] === ids![2]]).toEqual([true, true, false])
  expect(times).toEqual([0, 2, 2, 4].map((seconds) => String(NOON / 1000 + seconds)))
  expect(new Set(signatures).size).toBe(4)
})

describe('what the request has already', () => {
  it('a signature: it is kept, or replaced', async () => {
    const scheme = hmac({ key: SECRET, preset: 'github' })
    const init = { ...POST, headers: { 'X-Hub-Signature-256': 'mine' } }
    expect((await sign(scheme, URL_OF, init)).header('x-hub-signature-256')).toBe('mine')
    const replaced = await sign(scheme, URL_OF, init, { existing: 'replace' })
    expect(replaced.header('x-hub-signature-256')).toMatch(/^sha256=[\da-f]{64}$/)
  })

  it('is what it declares: the id is no credential', () => {
    const { writes, binds } = hmac({ key: WHSEC, preset: 'standard-webhooks' })
    expect([writes, binds]).toEqual([{ headers: ['webhook-signature', 'webhook-timestamp'] }, ['body', 'time']])
    expect(hmac({ key: WHSEC, preset: 'github' }).binds).toEqual(['body'])
  })
})

it('a base that fails rejects the call; what it threw is not printed', async () => {
  const bases = [
    () => {
      throw new Error(SECRET)
    },
    () => undefined,
    () => [undefined],
  ]
  for (const base of bases) {
    const preset = { headers: { signature: 'x-sig' }, base } as unknown as HmacPreset
    const error = await rejection(hmac({ key: 'k', preset }), URL_OF, POST)
    expect([error.code, printed(error).includes(SECRET)]).toEqual(['FETCHSTACK_AUTH_PROVIDER', false])
  }
})

describe('a clock that is wrong', () => {
  const run = async (preset: HmacOptions['preset'], status: number, date: number) => {
    const headers = { date: new Date(date).toUTCString() }
    const mock = mockHandler([() => new Response(null, { status, headers }), 401])
    const layer = auth(hmac({ key: WHSEC, preset }), { origins: ORIGIN, clock: { now: () => NOON } })
    const response = await HandlerStack.create(mock).push(layer).toFetch()(URL_OF, POST)
    return [response.status, ...mock.calls.map(({ request }) => request.header('webhook-timestamp'))]
  }

  it.each([400, 401, 403])('is corrected by the Date of a %i, and the request is signed once more', async (status) => {
    const times = [NOON, NOON - 60_000].map((time) => String(time / 1000))
    expect(await run('standard-webhooks', status, NOON - 60_000)).toEqual([401, ...times])
  })

  it('is not blamed where it is right, nothing was refused, or no time was signed', async () => {
    const once = [String(NOON / 1000)]
    expect(await run('standard-webhooks', 401, NOON + 20_000)).toEqual([401, ...once])
    expect(await run('standard-webhooks', 200, 0)).toEqual([200, ...once])
    expect(await run('standard-webhooks', 500, 0)).toEqual([500, ...once])
    expect(await run('github', 401, 0)).toEqual([401, undefined])
  })
})
