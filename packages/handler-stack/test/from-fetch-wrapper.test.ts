import { describe, expect, test, vi } from 'vitest'
import {
  type Call,
  type FetchFunction,
  type FetchWrapper,
  fromFetchWrapper,
  HandlerStack,
  type Middleware,
  StackError,
} from '../src/index.ts'
import { adds, echoServer, greet, greeting, recording } from './helpers.ts'

const url = 'https://api.example.com/'

/** Notes the call that it sees. */
function noting(): { readonly seen: Call[]; readonly middleware: Middleware } {
  const seen: Call[] = []
  return {
    seen,
    middleware: (next) => (request, call) => {
      seen.push(call)
      return next(request, call)
    },
  }
}

describe('fromFetchWrapper', () => {
  test('puts the wrapper in its place among the layers', async () => {
    const wrapper: FetchWrapper = (fetch) => (input, init) => {
      const trace = `${(init!.headers as Record<string, string>)['trace']}w`
      return fetch(input, { ...init, headers: { trace } })
    }
    expect(await greet(greeting().push(adds('1')).push(fromFetchWrapper(wrapper)).push(adds('2')))).toBe(
      'Hello - test1w2',
    )
  })

  test('gives the wrapper what fetch would get, and takes what fetch may get', async () => {
    const { calls, stack } = recording()
    const wrapper = vi.fn(
      (fetch: FetchFunction): FetchFunction =>
        (input, init) =>
          fetch(new URL(input as string), init),
    )
    await stack.push(fromFetchWrapper(wrapper)).toFetch()(url, { headers: { a: '1' }, dispatcher: 'kept' } as never)
    expect(calls).toEqual([{ input: url, init: expect.objectContaining({ headers: { a: '1' }, dispatcher: 'kept' }) }])
    expect(wrapper).toHaveBeenCalledOnce()
  })

  test('applies the wrapper once per resolved stack, so that it may keep state', async () => {
    const wrapper = vi.fn((fetch: FetchFunction) => fetch)
    const stack = greeting().push(fromFetchWrapper(wrapper))
    await greet(stack)
    await greet(stack)
    expect(wrapper).toHaveBeenCalledTimes(1)
    await greet(stack.push(adds('1')))
    expect(wrapper).toHaveBeenCalledTimes(2)
  })

  test('the layers inside see the call of the layers outside', async () => {
    const [outer, inner] = [noting(), noting()]
    const wrapper: FetchWrapper = (fetch) => (input, init) => fetch(input, { ...init, redirect: 'manual' })
    await greet(greeting().push(outer.middleware).push(fromFetchWrapper(wrapper)).push(inner.middleware))
    expect(inner.seen).toEqual(outer.seen)
    expect(inner.seen[0]).toBe(outer.seen[0])
  })

  test('a wrapper that drops init cuts the thread: the layers inside see a new call', async () => {
    const [outer, inner] = [noting(), noting()]
    const wrapper: FetchWrapper = (fetch) => (input) => fetch(input)
    await greet(greeting().push(outer.middleware).push(fromFetchWrapper(wrapper)).push(inner.middleware))
    expect(inner.seen[0]).not.toBe(outer.seen[0])
    expect(inner.seen[0]).toMatchObject({ attempt: 1, options: {} })
  })

  test('a wrapper may call fetch again', async () => {
    const { calls, stack } = recording()
    const retry: FetchWrapper = (fetch) => (input, init) => fetch(input, init).then(() => fetch(input, init))
    await stack.push(fromFetchWrapper(retry)).toFetch()(url)
    expect(calls).toHaveLength(2)
  })

  test('a wrapper may make a Request of it', async () => {
    await using server = await echoServer()
    const wrapper: FetchWrapper = (fetch) => (input, init) => fetch(new Request(input, init))
    const api = HandlerStack.create().push(fromFetchWrapper(wrapper)).push(adds('1')).toFetch()
    await api(server.url, { method: 'POST', body: 'data' })
    expect(server.received).toMatchObject([{ method: 'POST', body: 'data', headers: { trace: '1' } }])
  })

  test('a body that a function makes is made before the wrapper sees it', async () => {
    await using server = await echoServer()
    const bodies: unknown[] = []
    const wrapper: FetchWrapper = (fetch) => (input, init) => {
      bodies.push(init?.body)
      return fetch(input, init)
    }
    const api = HandlerStack.create().push(fromFetchWrapper(wrapper)).toFetch()
    await api(server.url, { method: 'POST', body: () => Promise.resolve('made') })
    expect(bodies).toEqual(['made'])
    expect(server.received[0]?.body).toBe('made')
  })

  test('what goes wrong outside or inside is a rejection, for the wrapper too', async () => {
    const throwing = fromFetchWrapper(() => () => {
      throw new Error('at once')
    })
    const outer = vi.fn((error: unknown) => Promise.reject(error))
    const catching: Middleware = (next) => (request, call) => next(request, call).catch(outer)
    await expect(greeting().push(catching).push(throwing).toFetch()(url)).rejects.toThrow('at once')
    const seen = vi.fn(() => new Response('mended'))
    const mending = fromFetchWrapper((fetch) => () => fetch('relative').catch(seen))
    expect(await greet(greeting().push(mending))).toBe('mended')
    expect(outer).toHaveBeenCalledOnce()
    expect(seen).toHaveBeenCalledOnce()
  })

  test('gives on the very response', async () => {
    const response = new Response()
    const api = HandlerStack.create(() => Promise.resolve(response))
      .push(fromFetchWrapper((fetch) => fetch))
      .toFetch()
    expect(await api(url)).toBe(response)
  })

  test('refuses what is no function, and what returns none', () => {
    expect(() => fromFetchWrapper(undefined as never)).toThrow(StackError)
    const stack = greeting().push(fromFetchWrapper((() => Promise.resolve()) as never))
    expect(() => stack.resolve()).toThrow('What a fetch wrapper returns must be of type function, got object.')
  })
})
