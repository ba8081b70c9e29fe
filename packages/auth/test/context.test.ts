import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { faults, faultyServer, mockHandler, type ReceivedRequest } from '@fetchstack/testing'
import { describe, expect, it, vi } from 'vitest'
import { type AuthContext, AuthError, type AuthScheme, auth, type SchemeOptions } from '../src/index.ts'
import { API, countingSignal, headersOf } from './helpers.ts'

/** The context of one attempt, as a scheme gets it. */
async function contextOf(
  options: Partial<SchemeOptions> = {},
  init?: RequestInit,
): Promise<{ context: AuthContext; call: Call; mock: ReturnType<typeof mockHandler> }> {
  let context: AuthContext | undefined
  const scheme: AuthScheme = {
    name: 'probe',
    writes: { headers: ['x-probe'] },
    authorize(request, given) {
      context = given
      return request.withHeader('x-probe', '1')
    },
  }
  const mock = mockHandler([200, 200])
  const call = new Call()
  await auth(scheme, { origins: API, ...options })(mock)(HttpRequest.from(`${API}/`, init), call)
  return { context: context!, call, mock }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const post = (body: unknown, headers: Record<string, string> = {}): HttpRequest =>
  HttpRequest.from(`${API}/`, { method: 'POST', body, headers })
const streamOf = (...chunks: (Uint8Array | string)[]): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })

it('can be taken apart: nothing in it needs its `this`', async () => {
  const { context, call } = await contextOf()
  const { time, challenges, bytes, plain, record, origin, attempt, signal } = context
  expect([origin, attempt, signal]).toEqual([API, 1, undefined])
  expect(time.now()).toBeGreaterThan(0)
  expect(challenges(new Response())).toEqual([])
  expect((await bytes(post('a'))).bytes).toHaveLength(1)
  expect((await plain(post('a'))).status).toBe(200)
  record('noted', 'plain')
  expect(call.trail.at(-1)).toEqual({ layer: 'auth', event: 'noted', attempt: 1, detail: 'plain' })
  record('bare')
  expect(call.trail.at(-1)).toEqual({ layer: 'auth', event: 'bare', attempt: 1 })
})

describe('challenges', () => {
  it('are those of the response, parsed once', async () => {
    const { context } = await contextOf()
    const response = new Response(null, {
      status: 401,
      headers: [
        ['www-authenticate', 'Digest realm="a, b", nonce="x==", Basic realm="c"'],
        ['www-authenticate', 'Bearer error="invalid_token"'],
      ],
    })
    const challenges = context.challenges(response)
    expect(challenges.map(({ scheme, params }) => [scheme, { ...params }])).toEqual([
      ['digest', { realm: 'a, b', nonce: 'x==' }],
      ['basic', { realm: 'c' }],
      ['bearer', { error: 'invalid_token' }],
    ])
    expect(context.challenges(response)).toBe(challenges)
  })

  it('of a field that is garbage, or too long, are none; nothing throws', async () => {
    const { context } = await contextOf()
    for (const field of ['', ',,,', '"', '=', 'x'.repeat(100_000)]) {
      const response = new Response(null, { status: 401, headers: { 'www-authenticate': field } })
      expect(() => context.challenges(response)).not.toThrow()
    }
  })
})

describe('plain', () => {
  it('sends past the layer, without its credential, whatever the origin', async () => {
    const { context, mock } = await contextOf()
    await context.plain(HttpRequest.from('https://login.example/token', { method: 'POST' }))
    expect(headersOf(mock.calls[0]!.request)).toEqual({ 'x-probe': '1' })
    expect(mock.last!.request.url).toBe('https://login.example/token')
    expect(headersOf(mock.last!.request)).toEqual({})
  })

  it('can not loop: what it sends never comes back to the scheme', async () => {
    const flow = vi.fn(async function* (request: HttpRequest, { plain }: AuthContext) {
      const { headers } = await plain(request.with({ url: `${API}/nonce` }))
      yield request.withHeader('x-nonce', headers.get('x-nonce')!)
    })
    const mock = mockHandler([new Response(null, { headers: { 'x-nonce': 'n1' } }), 200])
    const scheme: AuthScheme = { name: 'asker', writes: { headers: ['x-nonce'] }, flow }
    await auth(scheme, { origins: API })(mock)(HttpRequest.from(`${API}/`), new Call())
    expect(flow).toHaveBeenCalledOnce()
    expect(mock.calls.map(({ request }) => [request.url, headersOf(request)])).toEqual([
      [`${API}/nonce`, {}],
      [`${API}/`, { 'x-nonce': 'n1' }],
    ])
  })
})

describe('bytes', () => {
  const bodies: [string, () => unknown, string, string | undefined][] = [
    ['a string', () => 'hé', 'hé', 'text/plain;charset=UTF-8'],
    ['bytes', () => new TextEncoder().encode('hello').subarray(1, 3), 'el', undefined],
    ['an ArrayBuffer', () => new TextEncoder().encode('hello').buffer, 'hello', undefined],
    ['a DataView', () => new DataView(new TextEncoder().encode('hello').buffer, 1, 2), 'el', undefined],
    ['a Blob', () => new Blob(['hello'], { type: 'text/css' }), 'hello', 'text/css'],
    [
      'URLSearchParams',
      () => new URLSearchParams({ a: 'b c' }),
      'a=b+c',
      'application/x-www-form-urlencoded;charset=UTF-8',
    ],
    ['a stream', () => streamOf(new TextEncoder().encode('hel'), new TextEncoder().encode('lo')), 'hello', undefined],
    ['a factory', () => async () => 'hello', 'hello', 'text/plain;charset=UTF-8'],
    ['a factory of streams', () => () => new Blob(['hello']).stream(), 'hello', undefined],
    ['nothing', () => null, '', undefined],
    ['nothing at all', () => undefined, '', undefined],
  ]

  it.each(bodies)('of %s, with the type that fetch would add', async (_, body, expected, type) => {
    const { context } = await contextOf()
    const { request, bytes } = await context.bytes(post(body()))
    expect(text(bytes)).toBe(expected)
    expect(request.header('content-type')).toBe(type)
    expect(request.replay).toBe('free')
    if (expected !== '')
      expect(text(new Uint8Array(await new Response(request.body as BodyInit).arrayBuffer()))).toBe(expected)
  })

  it('of a form hold the boundary that is sent', async () => {
    const { context } = await contextOf()
    const form = new FormData()
    form.set('a', 'b')
    const { request, bytes } = await context.bytes(post(form))
    const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(request.header('content-type')!)!
    expect(text(bytes)).toContain(`--${boundary}\r\n`)
  })

  it('leave a content type that is given as it is', async () => {
    const { context } = await contextOf()
    const { request } = await context.bytes(post('{}', { 'Content-Type': 'application/json' }))
    expect(headersOf(request)).toEqual({ 'content-type': 'application/json' })
  })

  it("of the caller's Request, without a clone", async () => {
    const { context } = await contextOf()
    const source = new Request(`${API}/`, { method: 'POST', body: 'hello', headers: { 'x-mine': '1' } })
    const clone = vi.spyOn(source, 'clone')
    const { request, bytes } = await context.bytes(HttpRequest.from(source))
    expect(text(bytes)).toBe('hello')
    expect(headersOf(request)).toEqual({ 'content-type': 'text/plain;charset=UTF-8', 'x-mine': '1' })
    expect(request.replay).toBe('free')
    expect(clone).not.toHaveBeenCalled()
  })

  it('are read once for each request', async () => {
    const { context } = await contextOf()
    const request = post(streamOf(new Uint8Array([1])))
    const [first, second] = await Promise.all([context.bytes(request), context.bytes(request)])
    expect(first).toBe(second)
    expect((await context.bytes(first.request)).bytes).toEqual(first.bytes)
  })

  it.each([
    ['a stream', () => post(streamOf(new Uint8Array(6), new Uint8Array(6)))],
    ["a Request's body", () => HttpRequest.from(new Request(`${API}/`, { method: 'POST', body: 'x'.repeat(12) }))],
    ['the stream of a factory', () => post(() => streamOf(new Uint8Array(12)))],
  ])('of %s that is longer than bodyLimit are an error, and it is cancelled', async (_, make) => {
    const { context } = await contextOf({ bodyLimit: 11 })
    await expect(context.bytes(make())).rejects.toMatchObject({
      name: 'AuthError',
      code: 'FETCHSTACK_AUTH_BODY',
      message: `[POST] ${API}/: probe: the body must be known before it is sent, and it is longer than bodyLimit, 11 bytes.`,
    })
    const enough = await contextOf({ bodyLimit: 12 })
    expect((await enough.context.bytes(make())).bytes).toHaveLength(12)
  })

  it('of an endless stream are no more than the limit, and the stream is told to stop', async () => {
    const cancel = vi.fn()
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(1000))
    const { context } = await contextOf()
    await expect(context.bytes(post(new ReadableStream({ pull, cancel })))).rejects.toThrow('1048576 bytes')
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('of what is in memory have no limit', async () => {
    const { context } = await contextOf({ bodyLimit: 1 })
    for (const body of ['hello', new Blob(['hello']), new Uint8Array(5), new URLSearchParams({ a: 'bcd' })]) {
      expect((await context.bytes(post(body))).bytes).toHaveLength(5)
    }
  })

  it('of a body that has been read are an error', async () => {
    const { context } = await contextOf()
    const read = new Request(`${API}/`, { method: 'POST', body: 'hello' })
    await read.text()
    const locked = streamOf(new Uint8Array(1))
    locked.getReader()
    for (const request of [HttpRequest.from(read), post(locked)]) {
      await expect(context.bytes(request)).rejects.toMatchObject({
        code: 'FETCHSTACK_AUTH_BODY',
        message: expect.stringContaining('and it has been read.'),
      })
    }
  })

  it('of a stream of text are an error: fetch would refuse it too', async () => {
    const { context } = await contextOf()
    await expect(context.bytes(post(streamOf('text')))).rejects.toThrow('and it is no stream of bytes.')
  })

  it('are what a factory or a stream fails with, unchanged', async () => {
    const failure = new Error('disk')
    const { context } = await contextOf()
    const broken = new ReadableStream({ pull: (controller) => controller.error(failure) })
    await expect(context.bytes(post(broken))).rejects.toBe(failure)
    await expect(context.bytes(post(() => Promise.reject(failure)))).rejects.toBe(failure)
  })

  it('are waited for until the abort: the stream is cancelled and no listener is left', async () => {
    const { controller, signal, listeners } = countingSignal()
    const { context } = await contextOf({}, { signal })
    const cancel = vi.fn()
    const request = post(new ReadableStream({ cancel })).with({ signal })
    const pending = context.bytes(request)
    await new Promise(setImmediate)
    controller.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
    await new Promise(setImmediate)
    expect(cancel).toHaveBeenCalledOnce()
    expect(listeners()).toBeLessThanOrEqual(0)
  })

  it('are what a server gets, of every kind of body', async () => {
    await using server = await faultyServer({ routes: { 'POST /': faults.ok('yes') } })
    const digests: string[] = []
    const scheme: AuthScheme = {
      name: 'hash',
      writes: { headers: ['x-hash'] },
      binds: ['body'],
      async authorize(request, context) {
        const { request: known, bytes } = await context.bytes(request)
        digests.push(text(bytes))
        return known.withHeader('x-hash', String(bytes.length))
      },
    }
    const api = HandlerStack.create()
      .push(auth(scheme, { origins: server.url, redirect: 'follow' }))
      .toFetch()
    const form = new FormData()
    form.set('a', 'b')
    for (const body of ['hé', new Uint8Array([104]), new Blob(['hello']), new URLSearchParams({ a: 'b' }), form]) {
      expect((await api(server.url, { method: 'POST', body })).status).toBe(200)
    }
    await api(server.url, { method: 'POST', body: new Blob(['streamed']).stream(), duplex: 'half' })
    expect((await api(new Request(server.url, { method: 'POST', body: 'mine' }))).status).toBe(200)
    expect(server.requests.map(({ text }: ReceivedRequest) => text)).toEqual(digests)
    expect(digests).toHaveLength(7)
  })
})

it('bodyLimit is a number of bytes', () => {
  const scheme: AuthScheme = { name: 'probe', writes: {}, authorize: (request) => request }
  for (const bodyLimit of [-1, 1.5, Number.NaN, Infinity, '1']) {
    expect(() => auth(scheme, { origins: API, bodyLimit: bodyLimit as number })).toThrow(
      'probe: bodyLimit must be a whole number of bytes',
    )
  }
})

it('what authorize throws rejects the call, and a request that leaves the origin is an error', async () => {
  const failure = new Error('no key')
  const run = (authorize: AuthScheme['authorize']) =>
    auth({ name: 'own', writes: {}, authorize: authorize! }, { origins: API })(mockHandler([200]))(
      HttpRequest.from(`${API}/`),
      new Call(),
    )
  await expect(run(() => Promise.reject(failure))).rejects.toBe(failure)
  await expect(
    run(() => {
      throw failure
    }),
  ).rejects.toBe(failure)
  const stray = run((request) => request.with({ url: 'https://evil.example/' }))
  await expect(stray).rejects.toBeInstanceOf(AuthError)
  await expect(stray).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_OUTSIDE' })
})
