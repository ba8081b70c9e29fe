import { OptionError } from '@fetchstack/options'
import { describe, expect, test } from 'vitest'
import { defineMiddleware, fetchHandler, HandlerStack, StackError, withOptions } from '../src/index.ts'

const url = 'https://api.example.com/'

/** A stack with two layers that take options, and what reached them. */
function seeing() {
  const seen: unknown[] = []
  const stack = HandlerStack.create(
    fetchHandler(async (_input, init) => {
      seen.push(init && 'fetchstack' in init)
      return new Response('hello')
    }),
  )
    .push(
      defineMiddleware<'retry', number>(
        {
          name: 'retry',
          checkCallOption: (value) => {
            if (typeof value !== 'number') throw new OptionError('retry', 'the per-call option', 'it must be a number.')
          },
        },
        (next) => (request, call) => {
          seen.push(call.options)
          return next(request, call)
        },
      ),
    )
    .push(defineMiddleware<'auth', false>({ name: 'auth', checkCallOption: () => {} }, (next) => next))
  return { seen, api: stack.toFetch() }
}

describe('withOptions', () => {
  test('gives every call the options, and the real fetch none of them', async () => {
    const { seen, api } = seeing()
    await withOptions(api, { retry: 5 })(url)
    await withOptions(api, { retry: 5 })(url, { method: 'POST' })
    expect(seen).toEqual([{ retry: 5 }, undefined, { retry: 5 }, false])
  })

  test('leaves the fetch that it was made of as it is', async () => {
    const { seen, api } = seeing()
    withOptions(api, { retry: 5 })
    await api(url)
    expect(seen[0]).toEqual({})
  })

  test("a call's own option wins, layer by layer", async () => {
    const { seen, api } = seeing()
    const bound = withOptions(api, { retry: 5, auth: false })
    await bound(url, { fetchstack: { retry: 1 } })
    await bound(Object.assign(new Request(url), { fetchstack: { retry: 2 } }))
    expect(seen.filter((one) => typeof one === 'object')).toEqual([
      { retry: 1, auth: false },
      { retry: 2, auth: false },
    ])
  })

  test('can be bound again', async () => {
    const { seen, api } = seeing()
    await withOptions(withOptions(api, { retry: 5, auth: false }), { retry: 2 })(url)
    expect(seen[0]).toEqual({ retry: 2, auth: false })
  })

  test('the options can be changed afterwards without effect', async () => {
    const { seen, api } = seeing()
    const options = { retry: 5 }
    const bound = withOptions(api, options)
    options.retry = 6
    await bound(url)
    expect(seen[0]).toEqual({ retry: 5 })
  })

  test('refuses a name that no layer has and an option that its layer refuses, when it is bound', () => {
    const { api } = seeing()
    expect(() => withOptions(api, { retri: 5 } as object)).toThrow(/No per-call option "retri". Did you mean "retry"\?/)
    expect(() => withOptions(api, { retry: 'often' } as object)).toThrow(OptionError)
    expect(() => withOptions(api, undefined as unknown as object)).toThrow(/fetchstack must be of type object/)
  })

  test.each([globalThis.fetch, null, undefined, {}])('refuses what is no fetch of a stack: %o', (fetch) => {
    expect(() => withOptions(fetch as never, {} as never)).toThrow(StackError)
    expect(() => withOptions(fetch as never, {} as never)).toThrow(
      'withOptions takes the fetch that toFetch() of a stack gives.',
    )
  })

  test('a stack over a bound fetch has options of its own', async () => {
    const { seen, api } = seeing()
    const outer = HandlerStack.create(fetchHandler(withOptions(api, { retry: 5 }))).toFetch()
    await outer(url)
    expect(seen[0]).toEqual({ retry: 5 })
    expect(() => withOptions(outer, { retry: 1 } as never)).toThrow(/No per-call option "retry"/)
  })
})
