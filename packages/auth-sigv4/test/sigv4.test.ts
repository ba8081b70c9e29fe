import { auth } from '@fetchstack/auth'
import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import { Secret } from '@fetchstack/secret'
import { mockHandler } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { aws4fetchEngine, type SigV4Engine, type SigV4Input, type SigV4Options, sigv4 } from '../src/index.ts'
import { smithyEngine } from '../src/smithy.ts'
import { authorization, EXAMPLE, rejection, sign } from './helpers.ts'

const TEXT = 'https://examplebucket.s3.amazonaws.com/a.txt'
const make = (options: Partial<SigV4Options> = {}) =>
  sigv4({ credentials: EXAMPLE, region: 'us-east-1', service: 's3', ...options })
const NOON = Date.UTC(2026, 10, 22, 12)
const SECRET = 'hush-Kf81'

/** Everything that could be printed of an error. */
function printed(error: Error): string {
  return `${error} ${error.stack} ${JSON.stringify(error)} ${Object.values(error).map(String).join(' ')}`
}

describe('bad input is found when it is made, and no secret is in the message', () => {
  it.each([
    ['no options', undefined],
    ['no region', { credentials: EXAMPLE, service: 's3' }],
    ['an empty region', { credentials: EXAMPLE, service: 's3', region: '' }],
    ['a region with a line break', { credentials: EXAMPLE, service: 's3', region: 'us-east-1\r\n' }],
    ['no service', { credentials: EXAMPLE, region: 'us-east-1' }],
    ['no credentials', { service: 's3', region: 'us-east-1' }],
    ['a key id alone', { service: 's3', region: 'us-east-1', credentials: { accessKeyId: 'AKID' } }],
    ['an empty secret', { service: 's3', region: 'us-east-1', credentials: { ...EXAMPLE, secretAccessKey: '' } }],
    [
      'a secret with a line break',
      { service: 's3', region: 'us-east-1', credentials: { ...EXAMPLE, secretAccessKey: `${SECRET}\n` } },
    ],
    [
      'a secret that is bytes',
      { service: 's3', region: 'a', credentials: { ...EXAMPLE, secretAccessKey: new Uint8Array(2) } },
    ],
    ['the secret as key id', { service: 's3', region: 'a', credentials: { ...EXAMPLE, accessKeyId: `${SECRET}/x` } }],
    [
      'a token with a line break',
      { service: 's3', region: 'a', credentials: { ...EXAMPLE, sessionToken: `${SECRET}\r\n` } },
    ],
    ['an unknown payload', { service: 's3', region: 'a', credentials: EXAMPLE, payload: 'chunked' }],
    ['an engine that is none', { service: 's3', region: 'a', credentials: EXAMPLE, engine: {} }],
    ['an unknown option', { service: 's3', region: 'a', credentials: EXAMPLE, regoin: 'a' }],
  ])('%s', (_, options) => {
    const error = (() => {
      try {
        sigv4(options as unknown as SigV4Options)
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

describe('credentials', () => {
  it('may be secrets', async () => {
    const { accessKeyId, secretAccessKey } = EXAMPLE
    const plain = await sign(
      make({ credentials: { ...EXAMPLE, sessionToken: 'tok' } }),
      TEXT,
      {},
      { clock: { now: () => NOON } },
    )
    const secret = { accessKeyId, secretAccessKey: Secret.of(secretAccessKey), sessionToken: Secret.of('tok') }
    const request = await sign(make({ credentials: secret }), TEXT, {}, { clock: { now: () => NOON } })
    expect(request.headers).toEqual(plain.headers)
  })

  it('with a token: it is sent and signed', async () => {
    const request = await sign(make({ credentials: { ...EXAMPLE, sessionToken: 'tok+/=' } }), TEXT)
    expect(request.header('x-amz-security-token')).toBe('tok+/=')
    expect(authorization(request.header('authorization')).signed.split(';')).toContain('x-amz-security-token')
  })

  it('from a function: asked for each request on the wire, with the signal; only for its own origins', async () => {
    const credentials = vi.fn(() => Promise.resolve({ ...EXAMPLE, expiration: new Date() }))
    const mock = mockHandler([200, 200, 200])
    const api = HandlerStack.create(mock)
      .push(auth(make({ credentials }), { origins: new URL(TEXT).origin }))
      .toFetch()
    const { signal } = new AbortController()
    await api(TEXT, { signal })
    await api(TEXT)
    await api('https://elsewhere.s3.amazonaws.com/a.txt')
    expect(credentials.mock.calls).toEqual([
      [{ reason: 'initial', signal }],
      [{ reason: 'initial', signal: undefined }],
    ])
    expect(mock.last!.request.header('authorization')).toBeUndefined()
  })

  it('that fail reject the call; what was thrown is not printed', async () => {
    for (const credentials of [
      () => Promise.reject(new Error(SECRET)),
      () => {
        throw new Error(SECRET)
      },
    ]) {
      const error = await rejection(make({ credentials }), TEXT)
      expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_PROVIDER' })
      expect((error.cause as Error).message).toBe(SECRET)
      expect(printed(error)).not.toContain(SECRET)
    }
  })

  it.each([
    ['nothing', undefined],
    ['no secret', { accessKeyId: 'AKID' }],
    ['a secret with a line break', { accessKeyId: 'AKID', secretAccessKey: `${SECRET}\r\nx: y` }],
    ['a token that can not be sent', { ...EXAMPLE, sessionToken: `${SECRET}\n` }],
  ])('that turn out to be %s reject the call, and nothing is sent', async (_, given) => {
    const error = await rejection(make({ credentials: () => given as typeof EXAMPLE }), TEXT)
    expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_SECRET' })
    expect(printed(error)).not.toContain(SECRET)
  })

  it('that do not come: an abort ends the wait at once, with its reason', async () => {
    const controller = new AbortController()
    let asked: () => void = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const credentials = () => {
      asked()
      return new Promise<never>(() => {})
    }
    const call = rejection(make({ credentials }), TEXT, { signal: controller.signal })
    await isAsked
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await call).toBe(reason)
  })

  it('of many calls at once do not mix', async () => {
    let next = 0
    const credentials = async () => {
      const id = `AKID${next++}`
      await Promise.resolve()
      return { accessKeyId: id, secretAccessKey: `secret-of-${id}` }
    }
    const scheme = make({ credentials })
    const clock = { now: () => NOON }
    const all = await Promise.all(Array.from({ length: 150 }, () => sign(scheme, TEXT, {}, { clock })))
    const signed = all.map((request) => authorization(request.header('authorization')))
    expect(new Set(signed.map(({ credential }) => credential)).size).toBe(150)
    for (const { credential, signature } of [signed[0]!, signed[77]!, signed[149]!]) {
      const id = credential.split('/')[0]!
      const alone = make({ credentials: { accessKeyId: id, secretAccessKey: `secret-of-${id}` } })
      const request = await sign(alone, TEXT, {}, { clock })
      expect(authorization(request.header('authorization')).signature).toBe(signature)
    }
  })
})

describe('what is signed', () => {
  it('every header, but those that are changed on the way', async () => {
    const headers = {
      'Content-Type': 'text/plain',
      'X-Mine': ' a  b ',
      'User-Agent': 'me',
      Accept: '*/*',
      Connection: 'close',
    }
    const request = await sign(make(), TEXT, {
      method: 'PUT',
      body: 'hi',
      headers: { ...headers, 'Accept-Encoding': 'br' },
    })
    expect(authorization(request.header('authorization')).signed).toBe(
      'accept;content-type;host;x-amz-content-sha256;x-amz-date;x-mine',
    )
  })

  it('a body by its hash, with the type that fetch would have added', async () => {
    const request = await sign(make(), TEXT, { method: 'PUT', body: new URLSearchParams({ a: 'b c' }) })
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a=b+c'))
    expect(request.header('x-amz-content-sha256')).toBe(Buffer.from(hash).toString('hex'))
    expect(request.header('content-type')).toBe('application/x-www-form-urlencoded;charset=UTF-8')
    expect(authorization(request.header('authorization')).signed).toContain('content-type')
  })

  it('a hash that the request brings along, and then the body is not read', async () => {
    const body = new ReadableStream()
    const init = { method: 'PUT', body, duplex: 'half', headers: { 'X-Amz-Content-Sha256': 'ab'.repeat(32) } }
    const request = await sign(make(), TEXT, init)
    expect(request.header('x-amz-content-sha256')).toBe('ab'.repeat(32))
    expect([request.body, body.locked]).toEqual([body, false])
  })

  it('no body when the payload is unsigned: a stream is passed on as it is', async () => {
    const body = new ReadableStream()
    const scheme = make({ payload: 'unsigned' })
    const request = await sign(scheme, TEXT, { method: 'PUT', body, duplex: 'half' })
    expect(request.header('x-amz-content-sha256')).toBe('UNSIGNED-PAYLOAD')
    expect([request.body, body.locked]).toEqual([body, false])
    expect([make().binds, scheme.binds]).toEqual([
      ['method', 'url', 'body', 'time'],
      ['method', 'url', 'time'],
    ])
  })

  it('a stream that is too long is refused, and nothing is sent', async () => {
    const body = new Response(new Uint8Array(2000)).body
    const call = sign(make(), TEXT, { method: 'PUT', body, duplex: 'half' }, { bodyLimit: 1999 })
    await expect(call).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_BODY' })
  })

  it('what was signed for somebody else is replaced, with existing: replace', async () => {
    const headers = { 'x-amz-date': '20000101T000000Z', 'x-amz-security-token': 'old', authorization: 'old' }
    const kept = await sign(make(), TEXT, { headers })
    expect(kept.header('authorization')).toBe('old')
    const request = await sign(make(), TEXT, { headers }, { existing: 'replace', clock: { now: () => NOON } })
    const fresh = await sign(make(), TEXT, {}, { clock: { now: () => NOON } })
    expect(request.headers).toEqual(fresh.headers)
  })

  it('anew on every attempt: the date goes on', async () => {
    let now = NOON
    const again: Middleware = (next) => async (request, call) => {
      await next(request, call)
      now += 61_000
      return next(request, call)
    }
    const mock = mockHandler([503, 200])
    const layer = auth(make(), { origins: new URL(TEXT).origin, clock: { now: () => now } })
    await HandlerStack.create(mock).push(again, 'again').push(layer).toFetch()(TEXT)
    expect(mock.calls.map(({ request }) => request.header('x-amz-date'))).toEqual([
      '20261122T120000Z',
      '20261122T120101Z',
    ])
    expect(new Set(mock.calls.map(({ request }) => request.header('authorization'))).size).toBe(2)
  })

  it('as the SDKs do, for what is not S3, whatever the path, the query and the headers are', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 })
    const value = fc.stringMatching(/^[!-~](?:[ -~]{0,10}[!-~])?$/)
    const request = fc.record({
      path: fc.array(fc.oneof(text.map(encodeURIComponent), fc.constantFrom('', '%2F', "a'b", '$x+y', '*')), {
        maxLength: 4,
      }),
      // The default engine leaves out what has no name.
      query: fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), text), { maxLength: 4 }),
      headers: fc.dictionary(fc.stringMatching(/^x-[a-z\d-]{1,6}$/), value, { maxKeys: 3 }),
      method: fc.constantFrom('GET', 'POST', 'PATCH'),
      sessionToken: fc.option(
        value.filter((token) => !token.includes(' ')),
        { nil: undefined },
      ),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ path, query, headers, method, sessionToken }) => {
        const url = `https://h.example:8443/${path.join('/')}?${new URLSearchParams(query)}`
        const init = { method, headers, ...(method !== 'GET' && { body: 'x' }) }
        const [own, smithy] = await Promise.all(
          [aws4fetchEngine(), smithyEngine()].map((engine) =>
            sign(make({ service: 'execute-api', credentials: { ...EXAMPLE, sessionToken }, engine }), url, init, {
              clock: { now: () => NOON },
            }),
          ),
        )
        expect(own!.header('authorization')).toBe(smithy!.header('authorization'))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a path of S3 that a URL leaves as it is', () => {
  it.each(["/photo%20(1)!*'.jpg", '/a;b=1,c:d@e&f$.txt', '/a+b', '/%C3%BC'])(
    '%s is signed alike by both',
    async (path) => {
      const [own, smithy] = await Promise.all(
        [aws4fetchEngine(), smithyEngine()].map((engine) =>
          sign(
            make({ service: 's3', engine }),
            `https://b.s3.amazonaws.com${path}`,
            {},
            { clock: { now: () => NOON } },
          ),
        ),
      )
      expect(smithy!.header('authorization')).toBe(own!.header('authorization'))
    },
  )
})

describe('an engine of your own', () => {
  it.each([
    ['nothing', undefined],
    ['no signature', { 'x-amz-date': '20260101T000000Z' }],
    ['no date', { authorization: SECRET }],
    ['no text', { authorization: 5, 'x-amz-date': '20260101T000000Z' }],
    ['a line break', { authorization: `${SECRET}\n`, 'x-amz-date': '20260101T000000Z' }],
  ])('that gives %s: nothing is sent, nothing shown', async (_, headers) => {
    const error = await rejection(make({ engine: () => Promise.resolve(headers as never) }), TEXT)
    expect(error.code).toBe('FETCHSTACK_AUTH_PROVIDER')
    expect(`${error.stack} ${(error.cause as Error).stack}`).not.toContain(SECRET)
  })

  it('gets all that it needs, and its headers are sent, but no others', async () => {
    const engine = vi.fn<SigV4Engine>(() =>
      Promise.resolve({ authorization: 'mine', 'x-amz-date': 'now', cookie: 'no' }),
    )
    const request = await sign(make({ engine }), TEXT, { headers: { 'X-A': '1' } }, { clock: { now: () => NOON } })
    expect(engine.mock.calls[0]![0]).toEqual({
      ...EXAMPLE,
      sessionToken: undefined,
      method: 'GET',
      url: TEXT,
      headers: {
        'x-a': '1',
        'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
      region: 'us-east-1',
      service: 's3',
      time: NOON,
    } satisfies SigV4Input)
    expect([request.header('authorization'), request.header('cookie')]).toEqual(['mine', undefined])
  })

  it('that fails rejects the call; what it threw is not printed', async () => {
    const error = await rejection(make({ engine: () => Promise.reject(new Error(SECRET)) }), TEXT)
    expect(error.code).toBe('FETCHSTACK_AUTH_PROVIDER')
    expect(printed(error)).not.toContain(SECRET)
  })
})

describe('a clock that is wrong', () => {
  const date = (ms: number) => new Date(ms).toUTCString()
  const refusal = (status: number, headers: Record<string, string>) => () =>
    new Response('<Error><Code>RequestTimeTooSkewed</Code></Error>', { status, headers })
  const run = async (first: () => Response, second: () => Response = () => new Response()) => {
    const mock = mockHandler([first, second, () => new Response()])
    const clock = { now: () => NOON }
    const layer = auth(make(), { origins: new URL(TEXT).origin, clock })
    const api = HandlerStack.create(mock).push(layer).toFetch()
    const response = await api(TEXT, { method: 'PUT', body: 'hello' })
    return { mock, api, response, dates: mock.calls.map(({ request }) => request.header('x-amz-date')) }
  }

  it.each([
    ['S3', refusal(403, { date: date(NOON + 3_600_000) })],
    [
      'a JSON service',
      refusal(400, { date: date(NOON + 3_600_000), 'x-amzn-errortype': 'InvalidSignatureException:http://a' }),
    ],
    ['an expired one', refusal(400, { date: date(NOON + 3_600_000), 'x-amzn-errortype': 'RequestExpired' })],
  ])('is corrected by the Date of %s, and the request is signed once more', async (_, first) => {
    const { dates, response, mock, api } = await run(first)
    expect(response.status).toBe(200)
    expect(dates).toEqual(['20261122T120000Z', '20261122T130000Z'])
    const [a, b] = mock.calls.map(({ request }) => request)
    expect(a!.header('authorization')).not.toBe(b!.header('authorization'))
    await api(TEXT)
    expect(mock.last!.request.header('x-amz-date')).toBe('20261122T130000Z')
  })

  it.each([
    ['the clock is right', refusal(403, { date: date(NOON + 20_000) })],
    ['there is no Date', refusal(403, {})],
    [
      'it is refused for another reason',
      refusal(403, { date: date(NOON + 3_600_000), 'x-amzn-errortype': 'AccessDenied' }),
    ],
    ['it is not refused', () => new Response(null, { status: 200, headers: { date: date(0) } })],
    ['it fails', refusal(500, { date: date(0) })],
  ])('is not blamed where %s', async (_, first) => {
    const { dates } = await run(first)
    expect(dates).toHaveLength(1)
  })

  it('is corrected once: a second refusal is the answer', async () => {
    const { dates, response } = await run(
      refusal(403, { date: date(NOON + 3_600_000) }),
      refusal(403, { date: date(NOON - 3_600_000) }),
    )
    expect([dates.length, response.status]).toEqual([2, 403])
  })
})
