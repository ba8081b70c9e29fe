import { getEventListeners } from 'node:events'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  BodyNotReplayableError,
  fetchHandler,
  HandlerStack,
  HttpRequest,
  type Middleware,
  type RequestChanges,
} from '../src/index.ts'
import { echoServer, recording, thrown } from './helpers.ts'

let server: Awaited<ReturnType<typeof echoServer>>
beforeEach(async () => {
  server = await echoServer()
})
afterEach(() => server[Symbol.asyncDispose]())

/** Sends what comes in again, as a retry does. */
const twice: Middleware = (next) => async (request, call) => {
  const copy = request.fork()
  await next(request, call).then((response) => response.text())
  return next(copy, call)
}

const changes =
  (to: RequestChanges): Middleware =>
  (next) =>
  (request, call) =>
    next(request.with(to), call)

const api = (...layers: Middleware[]) =>
  layers.reduce<HandlerStack>((stack, layer) => stack.push(layer), HandlerStack.create()).toFetch()

const bodies = (): string[] => server.received.map(({ body }) => body)

describe('a body that is sent twice', () => {
  test.each([
    ['a string', 'data'],
    ['bytes', new TextEncoder().encode('data')],
    ['a Blob', new Blob(['data'])],
    ['URLSearchParams', new URLSearchParams({ data: '1' })],
  ])('arrives whole both times: %s', async (_, body) => {
    const expected = await new Response(body).text()
    await api(twice)(server.url, { method: 'POST', body })
    expect(bodies()).toEqual([expected, expected])
  })

  test('arrives whole both times: FormData, each time with its own boundary', async () => {
    const body = new FormData()
    body.set('field', 'data')
    await api(twice)(server.url, { method: 'POST', body })
    for (const { body: text, headers } of server.received) {
      expect(text).toContain('name="field"\r\n\r\ndata\r\n')
      expect(text).toContain(/boundary=(.*)/.exec(headers['content-type']!)![1])
    }
    expect(server.received).toHaveLength(2)
  })

  test('arrives whole both times: that of a Request, with all that belongs to it', async () => {
    const data = 'x'.repeat(300_000)
    const input = new Request(`${server.url}/a`, { method: 'PUT', body: data, headers: { 'x-a': '1' } })
    await api(twice)(input)
    expect(bodies()).toEqual([data, data])
    for (const one of server.received) {
      expect(one).toMatchObject({ method: 'PUT', url: '/a', headers: { 'x-a': '1', 'content-length': '300000' } })
    }
  })

  test('arrives whole as often as it is forked: cloning a Request gives it another body object', async () => {
    const first = HttpRequest.from(new Request(server.url, { method: 'POST', body: 'data' }))
    const second = first.fork()
    const third = first.fork()
    const fourth = second.fork()
    expect([first, second, third, fourth].map(({ replay }) => replay)).toEqual(Array(4).fill('clone'))
    for (const request of [first, second, third, fourth]) await fetch(request.input, request.init as RequestInit)
    expect(bodies()).toEqual(Array(4).fill('data'))
  })

  test('arrives whole both times also with other headers, another method and another URL', async () => {
    const input = new Request(`${server.url}/a`, { method: 'POST', body: 'data', headers: { 'x-a': '1' } })
    const layer = changes({ url: `${server.url}/b`, method: 'PUT', headers: { 'x-b': '2' } })
    await api(twice, layer)(input)
    expect(bodies()).toEqual(['data', 'data'])
    for (const one of server.received) expect(one).toMatchObject({ method: 'PUT', url: '/b', headers: { 'x-b': '2' } })
    expect(server.received[0]?.headers).not.toHaveProperty('x-a')
  })

  test.each([
    ['a web stream', () => new Blob(['data']).stream()],
    ['a Node stream', () => Readable.from(['data'])],
  ])('can not be %s: the error says what to do', (_, make) => {
    const request = HttpRequest.from(`${server.url}/?key=s3cret`, { method: 'POST', body: make() })
    const error = thrown(() => request.fork())
    expect(error).toBeInstanceOf(BodyNotReplayableError)
    expect(error).toMatchObject({
      name: 'BodyNotReplayableError',
      code: 'FETCHSTACK_BODY_NOT_REPLAYABLE',
      message: `[POST] ${server.url}/?key=…: the body is a stream or was read. To send it again, give a function that makes it.`,
    })
  })

  test('can not be that of a Request that was read', async () => {
    const input = new Request(server.url, { method: 'POST', body: 'data' })
    await input.text()
    expect(() => HttpRequest.from(input).fork()).toThrow(BodyNotReplayableError)
  })
})

describe('fork', () => {
  test('gives the same request when the body is free', () => {
    const request = HttpRequest.from(server.url, { method: 'POST', body: 'data' })
    expect(request.fork()).toBe(request)
  })

  test('keeps the changes that were made', () => {
    const request = HttpRequest.from(new Request(server.url, { method: 'POST', body: 'data' })).withHeader('a', '1')
    expect(request.fork().header('a')).toBe('1')
    expect(request.fork().source).not.toBe(request.source)
  })
})

describe('release', () => {
  test('frees the body of a fork that is not sent, and leaves the other', async () => {
    const request = HttpRequest.from(new Request(server.url, { method: 'POST', body: 'data' }))
    const fork = request.fork()
    fork.release()
    expect(await request.source?.text()).toBe('data')
    expect(fork.replay).toBe('never')
  })

  test('does nothing to a free body, to a stream, and to one that was read', async () => {
    const cancel = vi.fn()
    HttpRequest.from(server.url, { method: 'POST', body: 'data' }).release()
    HttpRequest.from(server.url, { method: 'POST', body: new ReadableStream({ cancel }) }).release()
    const read = new Request(server.url, { method: 'POST', body: 'data' })
    await read.text()
    HttpRequest.from(read).release()
    expect(cancel).not.toHaveBeenCalled()
  })

  test('leaves the body of a Request whose copy has another one', async () => {
    const input = new Request(server.url, { method: 'POST', body: 'data' })
    HttpRequest.from(input).with({ body: 'other' }).release()
    expect(await input.text()).toBe('data')
  })
})

describe('a body that is made by a function', () => {
  test('is made once for each attempt', async () => {
    let made = 0
    await api(twice)(server.url, { method: 'POST', body: () => `body ${++made}` })
    expect(bodies()).toEqual(['body 1', 'body 2'])
  })

  test('may be a stream, and may come later', async () => {
    await api(twice)(server.url, { method: 'POST', body: () => new Blob(['stream']).stream() })
    await api(twice)(server.url, { method: 'POST', body: () => Promise.resolve('later') })
    expect(bodies()).toEqual(['stream', 'stream', 'later', 'later'])
  })

  test('may be none', async () => {
    await api()(server.url, { method: 'POST', body: () => null as never })
    await api()(server.url, { method: 'POST', body: () => undefined as never })
    expect(bodies()).toEqual(['', ''])
  })

  test('may stand in for the body of a Request', async () => {
    const input = new Request(server.url, { method: 'POST', body: 'of the request' })
    await api(twice, changes({ body: () => 'made' }))(input)
    expect(bodies()).toEqual(['made', 'made'])
  })

  test('need not be waited for after an abort, and leaves no listener', async () => {
    const caller = new AbortController()
    let resolve: (body: ReadableStream) => void
    const body = (): Promise<ReadableStream> => new Promise((give) => (resolve = give))
    const call = api()(server.url, { method: 'POST', body, signal: caller.signal })
    caller.abort(new Error('mine'))
    await expect(call).rejects.toBe(caller.signal.reason)
    const cancelled = new Promise((cancel) => resolve(new ReadableStream({ cancel })))
    await expect(cancelled).resolves.toBe(caller.signal.reason)
    await vi.waitFor(() => expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0))
    expect(server.received).toEqual([])
  })

  test('is not made when the signal is aborted already', async () => {
    const body = vi.fn()
    const signal = AbortSignal.abort()
    await expect(api()(server.url, { method: 'POST', body, signal })).rejects.toBe(signal.reason)
    expect(body).not.toHaveBeenCalled()
  })

  test('is not made when nothing is sent', async () => {
    const make = vi.fn(() => 'data')
    await api(() => () => Promise.resolve(new Response()))(server.url, { method: 'POST', body: make })
    expect(make).not.toHaveBeenCalled()
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no body today')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no body today'))],
  ])('that %s rejects the call', async (_, body) => {
    await expect(api()(server.url, { method: 'POST', body })).rejects.toThrow('no body today')
    expect(server.received).toEqual([])
  })
})

describe('a change to a Request with a body', () => {
  const make = (): Request =>
    new Request(`${server.url}/a`, { method: 'POST', body: 'data', headers: { 'x-a': '1' }, redirect: 'manual' })
  const received = () => server.received[0]

  test('of the method', async () => {
    await api(changes({ method: 'PUT' }))(make())
    expect(received()).toMatchObject({ method: 'PUT', url: '/a', body: 'data', headers: { 'x-a': '1' } })
  })

  test('of the headers replaces them all', async () => {
    await api(changes({ headers: { 'x-b': '2' } }))(make())
    expect(received()).toMatchObject({ method: 'POST', body: 'data', headers: { 'x-b': '2' } })
    expect(received()?.headers).not.toHaveProperty('x-a')
  })

  test('of the URL', async () => {
    await api(changes({ url: `${server.url}/b?c` }))(make())
    expect(received()).toMatchObject({ method: 'POST', url: '/b?c', body: 'data', headers: { 'x-a': '1' } })
  })

  test('of the body', async () => {
    await api(changes({ body: 'other' }))(make())
    expect(received()).toMatchObject({ method: 'POST', url: '/a', body: 'other', headers: { 'x-a': '1' } })
  })

  test('of URL and body', async () => {
    await api(changes({ url: `${server.url}/b`, body: 'other' }))(make())
    expect(received()).toMatchObject({ method: 'POST', url: '/b', body: 'other' })
  })

  test('that takes out the body, as a redirect does', async () => {
    await api(changes({ url: `${server.url}/b`, method: 'GET', body: null }))(make())
    expect(received()).toMatchObject({ method: 'GET', url: '/b', body: '', headers: { 'x-a': '1' } })
  })

  test('that takes out the body keeps what else was set on the Request, and no default', async () => {
    const { calls, stack } = recording()
    const { signal } = new AbortController()
    const input = new Request(make(), { signal })
    await stack.push(changes({ body: null })).toFetch()(input, { cf: 'kept' } as RequestInit)
    const [{ input: target, init }] = calls as [(typeof calls)[0]]
    expect(target).toBe(`${server.url}/a`)
    expect(Object.keys(init!).toSorted()).toEqual(['body', 'cf', 'headers', 'method', 'redirect', 'signal'])
    expect(init).toMatchObject({ body: null, cf: 'kept', method: 'POST', redirect: 'manual', signal: input.signal })
  })

  test('of the signal', async () => {
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    await expect(api(changes({ signal: controller.signal }))(make())).rejects.toThrow('enough')
  })

  test('none: the very Request reaches fetch', async () => {
    const { calls, stack } = recording()
    const input = make()
    await stack.toFetch()(input)
    expect(calls[0]?.input).toBe(input)
    expect(calls[0]?.init).toBeUndefined()
  })
})

describe('a stream', () => {
  test('that a layer puts in is sent: duplex is set, which Node asks for', async () => {
    await api(changes({ body: new Blob(['stream']).stream() }))(server.url, { method: 'POST', body: 'data' })
    expect(bodies()).toEqual(['stream'])
  })

  test.each([
    ['a web stream', () => new Blob(['data']).stream()],
    ['a Node stream', () => Readable.from(['data'])],
    [
      'an async iterable',
      () =>
        (async function* () {
          yield new TextEncoder().encode('data')
        })(),
    ],
  ])('that the caller gave passes layers: %s', async (_, make) => {
    await api(changes({ headers: { a: '1' } }))(server.url, { method: 'POST', body: make() as never, duplex: 'half' })
    expect(bodies()).toEqual(['data'])
  })
})

describe('what reaches fetch', () => {
  test('unchanged is the very string or Request, and all that init has', async () => {
    const { calls, stack } = recording()
    const pass: Middleware = (next) => (request, call) => next(request, call)
    const fetch = stack.push(pass).push(pass).toFetch()
    const inputs = [server.url, new Request(server.url)]
    const init = { headers: { a: '1' }, dispatcher: {}, [Symbol('own')]: 1 }
    for (const input of inputs) await fetch(input, init)
    expect(calls.every((one, index) => one.input === inputs[index])).toBe(true)
    for (const call of calls) expect(call.init).toStrictEqual(init)
  })

  test('is what init inherits, too, as with fetch', async () => {
    await api(changes({ headers: { a: '1' } }))(
      server.url,
      Object.create({ method: 'POST', body: 'data' }) as RequestInit,
    )
    expect(server.received).toMatchObject([{ method: 'POST', body: 'data', headers: { a: '1' } }])
  })

  test('is what it was when it was called: URL and init may be used again while a layer waits', async () => {
    const { calls, stack } = recording()
    const slow: Middleware = (next) => async (request, call) => {
      await Promise.resolve()
      return next(request, call)
    }
    const fetch = stack.push(slow).toFetch()
    const url = new URL('https://a.example/')
    const init: RequestInit = { method: 'POST', body: 'first' }
    const first = fetch(url, init)
    url.host = 'b.example'
    init.body = 'second'
    await Promise.all([first, fetch(url, init)])
    expect(calls).toEqual([
      { input: 'https://a.example/', init: { method: 'POST', body: 'first' } },
      { input: 'https://b.example/', init: { method: 'POST', body: 'second' } },
    ])
  })

  test('changed keeps every field of init that the stack does not know', async () => {
    const { calls, stack } = recording()
    const unknown = {
      dispatcher: {},
      cf: { cacheTtl: 5 },
      next: { revalidate: 1 },
      proxy: 'http://p',
      tls: {},
      client: {},
    }
    await stack.push(changes({ method: 'PUT', url: 'https://b.example/', headers: { b: '2' }, body: 'x' })).toFetch()(
      'https://a.example/',
      { ...unknown, redirect: 'manual' },
    )
    expect(calls[0]?.input).toBe('https://b.example/')
    expect(calls[0]?.init).toEqual({
      ...unknown,
      redirect: 'manual',
      method: 'PUT',
      headers: { b: '2' },
      body: 'x',
    })
    for (const [name, value] of Object.entries(unknown)) expect(calls[0]?.init?.[name]).toBe(value)
  })

  test('is what globalThis.fetch is at the time of the call', async () => {
    const fetch = HandlerStack.create().toFetch()
    const stub = vi.fn(() => Promise.resolve(new Response('stubbed')))
    vi.stubGlobal('fetch', stub)
    try {
      expect(await (await fetch(server.url)).text()).toBe('stubbed')
    } finally {
      vi.unstubAllGlobals()
    }
    expect(await (await fetch(server.url)).text()).toBe('ok')
    expect(stub).toHaveBeenCalledOnce()
  })

  test('settles as fetch does: the same response, the same error', async () => {
    const response = new Response('the very same')
    const error = new TypeError('fetch failed')
    const answers = [() => Promise.resolve(response), () => Promise.reject(error)]
    const fetch = HandlerStack.create(fetchHandler(() => answers.shift()!())).toFetch()
    expect(await fetch(server.url)).toBe(response)
    await expect(fetch(server.url)).rejects.toBe(error)
  })

  test('aborts with the caller’s signal', async () => {
    await using stalling = await echoServer(() => {})
    const controller = new AbortController()
    const promise = api(changes({ headers: { a: '1' } }))(stalling.url, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(promise).rejects.toThrow('enough')
  })

  test('of a relative URL is nothing: the call rejects', async () => {
    const { calls, stack } = recording()
    await expect(stack.toFetch()('/videos')).rejects.toThrow('Invalid URL "/videos": it must be absolute.')
    expect(calls).toEqual([])
  })

  test('of a URL that only fetch finds wrong is up to fetch', async () => {
    await expect(api()('http://')).rejects.toBeInstanceOf(TypeError)
  })
})

describe('fetchHandler', () => {
  test.each([['fetch'], [null], [{}]])('refuses %o', (fetch) => {
    expect(() => fetchHandler(fetch as never)).toThrow(/^A fetch must be of type function, got /)
  })
})
