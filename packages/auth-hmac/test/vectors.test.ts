import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { hmac } from '../src/index.ts'
import { sign } from './helpers.ts'

const URL_OF = 'https://hooks.example.com/in'
const post = (body: unknown, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers })

it("GitHub's example: the body alone is signed", async () => {
  const scheme = hmac({ key: "It's a Secret to Everybody", preset: 'github' })
  const request = await sign(scheme, URL_OF, post('Hello, World!'))
  expect(request.header('x-hub-signature-256')).toBe(
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  )
})

it("Slack's example: the version, the timestamp and the body are signed", async () => {
  const scheme = hmac({ key: '8f742231b10e8888abcd99yyyzzz85a5', preset: 'slack' })
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  const request = await sign(scheme, URL_OF, post(body), { clock: { now: () => 1_531_420_618_999 } })
  expect(request.header('x-slack-request-timestamp')).toBe('1531420618')
  expect(request.header('x-slack-signature')).toBe(
    'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  )
})

it("Standard Webhooks' example: the id, the timestamp and the body are signed", async () => {
  // standard-webhooks/spec, "Signature scheme"; the same values are in the tests of its libraries.
  const scheme = hmac({ key: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', preset: 'standard-webhooks' })
  const init = post('{"test": 2432232314}', { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek' })
  const request = await sign(scheme, URL_OF, init, { clock: { now: () => 1_614_265_330_000 } })
  expect(request.header('webhook-signature')).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  expect(request.header('webhook-id')).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek')
})

describe('the library of Standard Webhooks takes what is sent', () => {
  const webhook = (text: string, body: string, headers: unknown): unknown =>
    new Webhook(text).verify(body, headers as Record<string, string>)

  it('whatever the key and the body are', async () => {
    const json = fc.json({ stringUnit: 'grapheme' })
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 80 }),
        json,
        fc.boolean(),
        async (bytes, body, prefixed) => {
          const text = `${prefixed ? 'whsec_' : ''}${Buffer.from(bytes).toString('base64')}`
          for (const key of [text, bytes]) {
            const request = await sign(hmac({ key, preset: 'standard-webhooks' }), URL_OF, post(body))
            expect(webhook(text, body, request.headers)).toEqual(JSON.parse(body))
            expect(() => webhook(text, `${body} `, request.headers)).toThrow('No matching signature')
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('with an id that is made where there is none', async () => {
    const text = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const request = await sign(hmac({ key: text, preset: 'standard-webhooks' }), URL_OF, post('{}'))
    expect(request.header('webhook-id')).toMatch(/^msg_[\da-f-]{36}$/)
    expect(webhook(text, '{}', request.headers)).toEqual({})
  })
})

describe('a preset of your own', () => {
  it('signs what it says, in its order, and writes it as it says', async () => {
    const scheme = hmac({
      key: '6b6579',
      preset: {
        headers: { signature: 'X-Sig', timestamp: 'X-Time', id: 'X-Id' },
        base: ({ method, url, path, timestamp, id, bytes }) => [
          [method, url, path, timestamp, id, ''].join('\n'),
          bytes,
        ],
        hash: 'SHA-512',
        encoding: 'base64',
        prefix: 'Mine ',
        timestamp: 'milliseconds',
        key: 'hex',
      },
    })
    const init = { method: 'put', body: new Uint8Array([0, 255]), headers: { 'x-id': 'i1' } }
    const request = await sign(scheme, `${URL_OF}/é?a=b c#no`, init, { clock: { now: () => 1234.5 } })
    const url = `${URL_OF}/%C3%A9?a=b%20c`
    const base = `PUT\n${url}\n/in/%C3%A9?a=b%20c\n1234\ni1\n`
    const expected = createHmac('sha512', 'key')
      .update(base)
      .update(new Uint8Array([0, 255]))
      .digest('base64')
    expect(new Headers(request.headers).get('x-sig')).toBe(`Mine ${expected}`)
    expect([request.header('x-time'), request.header('x-id')]).toEqual(['1234', 'i1'])
    expect(scheme.writes).toEqual({ headers: ['X-Sig', 'X-Time'] })
    expect(scheme.binds).toEqual(['method', 'url', 'body', 'time'])
  })

  it('can do with a signature alone', async () => {
    const preset = { headers: { signature: 'x-sig' }, base: ({ bytes }: { bytes: Uint8Array }) => [bytes] }
    const request = await sign(hmac({ key: 'key', preset }), URL_OF, post('a'))
    expect(new Headers(request.headers).get('x-sig')).toBe(createHmac('sha256', 'key').update('a').digest('hex'))
    expect(Object.keys(request.headers!).toSorted()).toEqual(['content-type', 'x-sig'])
  })
})
