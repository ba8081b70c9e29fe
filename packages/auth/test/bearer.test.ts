import { runInNewContext } from 'node:vm'
import { Call, HandlerStack, HttpRequest, type Middleware } from '@fetchstack/handler-stack'
import { faults, faultyServer } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { AuthError, bearer, Secret, type SecretInput } from '../src/index.ts'
import { API, always, countingSignal, headersOf, pass, rejection } from './helpers.ts'

const origins = [API]

it.each<[string, SecretInput]>([
  ['a string', 't0k-._~+/=='],
  ['a Secret', Secret.of('t0k-._~+/==')],
  ['a function', () => 't0k-._~+/=='],
  ['a function that gives a Secret', () => Secret.of('t0k-._~+/==')],
  ['a function that gives a promise', async () => 't0k-._~+/=='],
  ['a function that gives a promise of a Secret', async () => Secret.of('t0k-._~+/==')],
  ['a function that gives a promise of another realm', () => runInNewContext(`Promise.resolve('t0k-._~+/==')`)],
  ['a Secret of another copy of this package', { reveal: () => 't0k-._~+/==' } as unknown as Secret],
])('%s is sent as RFC 6750 says', async (_, token) => {
  const { sent } = await pass(bearer(token, { origins }), undefined, { headers: { accept: '*/*' } })
  expect(headersOf(sent)).toEqual({ accept: '*/*', authorization: 'Bearer t0k-._~+/==' })
})

it('arrives at a real server, and its response comes back', async () => {
  await using server = await faultyServer({ routes: { 'POST /videos': faults.ok({ id: 1 }) } })
  const api = HandlerStack.create()
    .push(bearer(async () => 't', { origins: server.url }))
    .toFetch()
  const response = await api(`${server.url}/videos`, { method: 'POST', body: 'hello' })
  expect(await response.json()).toEqual({ id: 1 })
  expect(server.requests[0]).toMatchObject({ text: 'hello' })
  expect(server.requests[0]!.headers['authorization']).toBe('Bearer t')
})

it("keeps the headers of the caller's Request, and its body", async () => {
  await using server = await faultyServer({ routes: { '*': 200 } })
  const api = HandlerStack.create()
    .push(bearer('t', { origins: server.url }))
    .toFetch()
  const body = new FormData()
  body.set('title', 'hello')
  await api(new Request(server.url, { method: 'POST', body, headers: { 'x-mine': '1' } }))
  const [request] = server.requests
  expect(request!.headers).toMatchObject({ authorization: 'Bearer t', 'x-mine': '1' })
  const sent = new Response(request!.body as Uint8Array<ArrayBuffer>, { headers: request!.headers })
  expect((await sent.formData()).get('title')).toBe('hello')
})

describe('the provider', () => {
  const twice: Middleware = (next) => async (request, call) => {
    await next(request, call)
    call.attempt = 2
    return next(request, call)
  }

  it('is asked anew for every attempt', async () => {
    let count = 0
    const mock = always()
    const api = HandlerStack.create(mock)
      .push(twice, 'twice')
      .push(bearer(() => `t${++count}`, { origins }))
      .toFetch()
    await api(`${API}/`)
    expect(mock.calls.map(({ request }) => headersOf(request)['authorization'])).toEqual(['Bearer t1', 'Bearer t2'])
  })

  it('is asked by every one of many concurrent calls', async () => {
    let count = 0
    const mock = always()
    const api = HandlerStack.create(mock)
      .push(bearer(async () => `t${++count}`, { origins }))
      .toFetch()
    await Promise.all(Array.from({ length: 20 }, () => api(`${API}/`)))
    expect(new Set(mock.calls.map(({ request }) => headersOf(request)['authorization']))).toHaveLength(20)
  })

  it('is told why, and until when the answer is wanted', async () => {
    const provider = vi.fn(() => 't')
    const { signal } = new AbortController()
    await pass(bearer(provider, { origins }), undefined, { signal })
    await pass(bearer(provider, { origins }))
    expect(provider.mock.calls).toEqual([[{ reason: 'initial', signal }], [{ reason: 'initial', signal: undefined }]])
  })

  it('that throws or rejects is an AuthError with its error as the cause', async () => {
    const cause = new RangeError('the vault is sealed')
    const providers: SecretInput[] = [
      () => {
        throw cause
      },
      () => Promise.reject(cause),
    ]
    for (const provider of providers) {
      const mock = always()
      const handler = bearer(provider, { origins })(mock)
      const error = await handler(HttpRequest.from(`${API}/?key=s3cret`), new Call()).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(AuthError)
      expect(error).toMatchObject({
        name: 'AuthError',
        code: 'FETCHSTACK_AUTH_PROVIDER',
        message: `[GET] ${API}/?key=…: bearer: the function that gives the token failed.`,
        cause,
      })
      expect(mock.count).toBe(0)
    }
  })

  const unusable: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', { token: 't0ken' }],
    ['an empty string', ''],
    ['an empty Secret', Secret.of('')],
    ['a Secret with a line break', Secret.of('t0ken\n')],
    ['a carriage return', 't0ken\r\nx-evil: 1'],
    ['a line break at the end, as files have it', 't0ken\n'],
    ['a null byte', 't0ken\0'],
    ['a tab', 't0\tken'],
    ['a space: the scheme is added already', 'Bearer t0ken'],
    ['a delete', 't0ken\u007F'],
    ['Latin-1', 't0kén'],
    ['beyond Latin-1', 't0k€n'],
  ]

  it.each(unusable)('that gives %s is an AuthError that does not show it', async (_, value) => {
    for (const provider of [() => value, async () => value]) {
      const error = await rejection(bearer(provider as () => string, { origins }))
      expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_SECRET' })
      expect(error.message).toMatch(/: bearer: token must be a string of visible ASCII characters; this \w+ is not\.$/)
      expect(error.stack).not.toContain('t0k')
    }
  })

  it.each(unusable)('%s in its place is an OptionError when it is made, and not shown', (_, value) => {
    const make = () => bearer(value as string, { origins })
    expect(make).toThrow(/^bearer: token must be a string of visible ASCII characters; this \w+ is not\.$/)
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option: 'token' }))
  })

  it('can put nothing into a header but what a header may hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.integer({ max: 0x2ff, min: 0 }).map((code) => String.fromCharCode(code)) }),
        async (token) => {
          const mock = always()
          const handler = bearer(() => token, { origins })(mock)
          await handler(HttpRequest.from(`${API}/`), new Call()).catch(() => {})
          const value =
            mock.last === undefined ? undefined : (mock.last.request.headers as Record<string, string>)['authorization']
          expect(value).toBe(/^[\u0021-\u007E]+$/.test(token) ? `Bearer ${token}` : undefined)
        },
      ),
    )
  })
})

describe('an abort', () => {
  it('while the provider is pending rejects at once with the reason, and leaves no listener', async () => {
    const { controller, signal, listeners } = countingSignal()
    const mock = always()
    const handler = bearer(() => new Promise(() => {}), { origins })(mock)
    const pending = handler(HttpRequest.from(`${API}/`, { signal }), new Call())
    await new Promise(setImmediate)
    expect(listeners()).toBe(1)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
    expect(mock.count).toBe(0)
    expect(listeners()).toBe(0)
  })

  it('by the provider itself, or before it, is a rejection with the reason too', async () => {
    for (const when of ['before', 'sync', 'microtask'] as const) {
      const controller = new AbortController()
      const reason = new Error(when)
      if (when === 'before') controller.abort(reason)
      const provider = async () => {
        if (when === 'sync') controller.abort(reason)
        if (when === 'microtask') queueMicrotask(() => controller.abort(reason))
        return new Promise<string>(() => {})
      }
      const handler = bearer(provider, { origins })(always())
      const sent = handler(HttpRequest.from(`${API}/`, { signal: controller.signal }), new Call())
      await expect(sent).rejects.toBe(reason)
    }
  })

  it('that makes the provider fail is a rejection with the reason, not an AuthError', async () => {
    const controller = new AbortController()
    const provider = async () => {
      controller.abort(new Error('enough'))
      throw new Error('the vault gave up')
    }
    const handler = bearer(provider, { origins })(always())
    const sent = handler(HttpRequest.from(`${API}/`, { signal: controller.signal }), new Call())
    await expect(sent).rejects.toThrow('enough')
  })

  it('that never comes leaves no listener either, whether the provider is quick, slow or fails', async () => {
    const { signal, listeners } = countingSignal()
    const providers: SecretInput[] = [
      async () => 't',
      () => new Promise((resolve) => setImmediate(resolve, 't')),
      () => new Promise((_, reject) => setImmediate(reject, new Error('no'))),
      async () => {
        throw new Error('no')
      },
    ]
    for (const provider of providers) {
      for (let call = 0; call < 10; call++) {
        await bearer(provider, { origins })(always())(HttpRequest.from(`${API}/`, { signal }), new Call()).catch(
          () => {},
        )
      }
    }
    expect(listeners()).toBe(0)
  })

  it('does not turn a late failure of the provider into an unhandled rejection', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const controller = new AbortController()
    let fail = (_: Error): void => {}
    const late = new Promise<string>((_, reject) => {
      fail = reject
    })
    const handler = bearer(() => late, { origins })(always())
    const sent = handler(HttpRequest.from(`${API}/`, { signal: controller.signal }), new Call())
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
    fail(new Error('late'))
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
