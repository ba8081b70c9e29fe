import { describe, expect, test, vi } from 'vitest'
import {
  type AnyStack,
  Call,
  defineMiddleware,
  type FetchInput,
  fetchHandler,
  type Handler,
  HandlerStack,
  HttpRequest,
  type Middleware,
  StackError,
} from '../src/index.ts'
import { adds, greeting, recording } from './helpers.ts'

const url = 'https://api.example.com/'

const optional = (name: string, check: (value: unknown) => void = () => {}) => {
  const seen: unknown[] = []
  const middleware = defineMiddleware<string, unknown>(
    { name, checkCallOption: check },
    (next, as) => (request, call) => {
      seen.push(call.options[as])
      return next(request, call)
    },
  )
  return { seen, middleware }
}

/** As JavaScript sees it: any per-call option will do. */
function looseFetch(stack: AnyStack): (input: FetchInput, init?: object) => Promise<Response> {
  return stack.toFetch()
}

describe('toFetch', () => {
  test('is a plain fetch: a response, or a rejection', async () => {
    const api = greeting().push(adds('1')).toFetch()
    expect(await (await api(url)).text()).toBe('Hello - test1')
    expect(await (await api(new URL(url), {})).text()).toBe('Hello - test1')
    expect(await (await api(new Request(url))).text()).toBe('Hello - test1')
  })

  test.each([
    [
      'a middleware',
      () =>
        HandlerStack.create().push(() => () => {
          throw new Error('at once')
        }),
    ],
    [
      'the handler',
      () =>
        HandlerStack.create(() => {
          throw new Error('at once')
        }),
    ],
    [
      'the predicate of a layer',
      () =>
        greeting().when(() => {
          throw new Error('at once')
        }, adds('1')),
    ],
  ])('makes a rejection of what %s throws at once', async (_, make) => {
    await expect(make().toFetch()(url)).rejects.toThrow('at once')
  })

  test.each([[undefined], [null], ['relative']])('makes a rejection of the input %o', async (input) => {
    await expect(greeting().toFetch()(input as never)).rejects.toThrow(`Invalid URL "${input}"`)
  })

  test('makes a rejection of a middleware that forgot to return', async () => {
    const forgetful = ((next: (...args: unknown[]) => unknown) =>
      (...args: unknown[]) => {
        next(...args)
      }) as unknown as Middleware
    await expect(greeting().push(forgetful).toFetch()(url)).rejects.toThrow(
      new StackError('A middleware must return next(request, call); push(retry()), not push(retry).'),
    )
  })

  test('names a factory that was pushed instead of what it makes', async () => {
    const factory = () => (next: Handler) => (request: HttpRequest, call: Call) => next(request, call)
    await expect(
      HandlerStack.create(fetchHandler(fetch))
        .push(factory as never)
        .toFetch()('https://a.example/'),
    ).rejects.toThrow('push(retry()), not push(retry)')
  })

  test('throws what is wrong with the stack now, not at the first call', () => {
    expect(() => new HandlerStack().toFetch()).toThrow(StackError)
  })

  test('makes a new call for each request, and passes the same one to all layers', async () => {
    const calls: unknown[] = []
    const note: Middleware = (next) => (request, call) => {
      calls.push(call)
      return next(request, call)
    }
    const api = greeting().push(note).push(note).toFetch()
    await api(url)
    await api(url)
    expect(calls[0]).toBe(calls[1])
    expect(calls[2]).toBe(calls[3])
    expect(calls[0]).not.toBe(calls[2])
  })

  test('needs no this, so it can be handed around', async () => {
    const { toFetch } = { toFetch: greeting().toFetch() }
    expect((await toFetch(url)).status).toBe(200)
  })

  test('carries what the runtime hung on its fetch', async () => {
    const preconnect = vi.fn()
    const base = Object.assign(() => Promise.resolve(new Response()), { preconnect })
    const api = HandlerStack.create(fetchHandler(base)).push(adds('1')).toFetch()
    expect(api).toHaveProperty('preconnect', preconnect)
    vi.stubGlobal('fetch', base)
    expect(HandlerStack.create().toFetch()).toHaveProperty('preconnect', preconnect)
    vi.unstubAllGlobals()
  })

  test('works over a mock function', async () => {
    const mock = vi.fn(() => Promise.resolve(new Response()))
    await HandlerStack.create(fetchHandler(mock)).toFetch()(url)
    expect(mock).toHaveBeenCalledWith(url, undefined)
  })
})

describe('per-call options', () => {
  test('reach the layer of that name, and the next call has none', async () => {
    const { seen, middleware } = optional('retry')
    const api = looseFetch(greeting().push(middleware))
    await api(url, { fetchstack: { retry: { maxAttempts: 5 } } })
    await api(url)
    expect(seen).toEqual([{ maxAttempts: 5 }, undefined])
  })

  test('go by the name that the layer has in the stack', async () => {
    const { seen, middleware } = optional('timeout')
    const api = looseFetch(greeting().push(middleware, 'total').push(middleware, 'attempt'))
    await api(url, { fetchstack: { attempt: 1, total: 2 } })
    expect(seen).toEqual([2, 1])
    await expect(api(url, { fetchstack: { timeout: 1 } })).rejects.toThrow(
      'No per-call option "timeout". There are: total, attempt.',
    )
  })

  test('reach the layers of nested stacks, and all that have the name', async () => {
    const { seen, middleware } = optional('retry')
    const check = vi.fn()
    const other = optional('retry', check)
    const nested = new HandlerStack().push(middleware)
    const api = looseFetch(greeting().push(nested, 'nested').push(other.middleware))
    await api(url, { fetchstack: { retry: 1 } })
    expect([seen, other.seen, check.mock.calls]).toEqual([[1], [1], [[1]]])
  })

  test('are stripped before fetch, and the rest of init goes on', async () => {
    const { calls, stack } = recording()
    const init = { fetchstack: { retry: 1 }, dispatcher: 'kept' }
    await looseFetch(stack.push(optional('retry').middleware))(url, init)
    expect(calls).toEqual([{ input: url, init: { dispatcher: 'kept' } }])
    expect(init).toHaveProperty('fetchstack')
  })

  test('may hang on a Request, as openapi-fetch leaves them, which reaches fetch as it was', async () => {
    const { calls, stack } = recording()
    const { seen, middleware } = optional('retry')
    const input = Object.assign(new Request(url), { fetchstack: { retry: 1 } })
    await looseFetch(stack.push(middleware))(input)
    expect(seen).toEqual([1])
    expect(calls[0]?.input).toBe(input)
  })

  test('of init come before those on the Request', async () => {
    const { seen, middleware } = optional('retry')
    const input = Object.assign(new Request(url), { fetchstack: { retry: 1 } })
    await looseFetch(greeting().push(middleware))(input, { fetchstack: { retry: 2 } })
    expect(seen).toEqual([2])
  })

  test('may hang on a Request that is given as init, which keeps its body', async () => {
    const { calls, stack } = recording()
    const { seen, middleware } = optional('retry')
    const init = Object.assign(new Request(url, { method: 'POST', body: 'data' }), { fetchstack: { retry: 1 } })
    await looseFetch(stack.push(middleware))(`${url}2`, init)
    expect(seen).toEqual([1])
    expect(await (calls[0]!.input as Request).text()).toBe('data')
  })

  test('unknown ones reject, with the one that was probably meant', async () => {
    const { calls, stack } = recording()
    const api = looseFetch(
      stack.push(optional('retry').middleware).push(optional('timeout').middleware).push(adds('1'), 'plain'),
    )
    await expect(api(url, { fetchstack: { retri: 1 } })).rejects.toThrow(
      new StackError('No per-call option "retri". Did you mean "retry"? There are: retry, timeout.'),
    )
    await expect(api(url, { fetchstack: { plain: 1 } })).rejects.toThrow('No per-call option "plain".')
    expect(calls).toEqual([])
  })

  test('in a stack that takes none reject', async () => {
    await expect(looseFetch(greeting().push(adds('1'), 'plain'))(url, { fetchstack: { plain: 1 } })).rejects.toThrow(
      'No per-call option "plain". There are: none.',
    )
  })

  test('are checked by their layer before anything is sent', async () => {
    const { calls, stack } = recording()
    const check = (value: unknown): void => {
      if (value !== 1) throw new RangeError('only 1')
    }
    const api = looseFetch(stack.push(optional('retry', check).middleware))
    await expect(api(url, { fetchstack: { retry: 2 } })).rejects.toThrow(RangeError)
    expect(calls).toEqual([])
  })

  test('that are undefined are none, and are not checked', async () => {
    const check = vi.fn()
    const api = looseFetch(greeting().push(optional('retry', check).middleware))
    await api(url, { fetchstack: { retry: undefined } })
    await api(url, { fetchstack: undefined })
    await api(url, { fetchstack: {} })
    expect(check).not.toHaveBeenCalled()
  })

  test.each([[true], ['retry'], [5], [() => {}]])('must be an object: %o rejects', async (fetchstack) => {
    const api = looseFetch(greeting().push(optional('retry').middleware))
    await expect(api(url, { fetchstack })).rejects.toThrow(/^fetchstack must be of type object, got /)
  })

  test('are not looked at by a handler that is called without a fetch', async () => {
    const { calls, stack } = recording()
    await stack.resolve()(HttpRequest.from(url), new Call({ anything: 1 }))
    expect(calls).toHaveLength(1)
  })
})
