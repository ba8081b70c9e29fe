import { OptionError } from '@fetchstack/options'
import { describe, expect, test, vi } from 'vitest'
import { Call, HandlerStack, HttpRequest } from '../../src/index.ts'
import { tap } from '../../src/middleware/index.ts'
import { greet, greeting } from '../helpers.ts'

const url = 'https://api.example.com/'

describe('tap', () => {
  test('looks before the request goes on, and after, when there is no response yet', async () => {
    const order: string[] = []
    const handler = () => {
      order.push('handler')
      return Promise.resolve(new Response()).then((response) => {
        order.push('response')
        return response
      })
    }
    const stack = HandlerStack.create(handler).push(
      tap(
        () => order.push('before'),
        () => order.push('after'),
      ),
    )
    await stack.toFetch()(url)
    expect(order).toEqual(['before', 'handler', 'after', 'response'])
  })

  test('shows request, call and the very promise that the caller gets', () => {
    const promise = Promise.resolve(new Response())
    const before = vi.fn()
    const after = vi.fn()
    const [request, call] = [HttpRequest.from(url), new Call()]
    expect(tap(before, after)(() => promise)(request, call)).toBe(promise)
    expect(before).toHaveBeenCalledExactlyOnceWith(request, call)
    expect(after).toHaveBeenCalledExactlyOnceWith(request, call, promise)
  })

  test('can not alter: what the functions return is ignored', async () => {
    const after: () => unknown = () => Promise.resolve(new Response('other'))
    const stack = greeting().push(tap((request) => request.withHeader('trace', 'x'), after))
    expect(await greet(stack)).toBe('Hello - test')
  })

  test('needs neither function', async () => {
    expect(await greet(greeting().push(tap()))).toBe('Hello - test')
    const after = vi.fn()
    await greet(greeting().push(tap(undefined, after)))
    expect(after).toHaveBeenCalledOnce()
  })

  test('shows a rejection, and what is thrown at once, as a promise that rejects', async () => {
    const error = new Error('at once')
    const outcomes: unknown[] = []
    const watch = tap(undefined, (_request, _call, promise) => void promise.catch((reason) => outcomes.push(reason)))
    const throwing = HandlerStack.create(() => {
      throw error
    })
    await expect(throwing.push(watch).toFetch()(url)).rejects.toBe(error)
    expect(outcomes).toEqual([error])
  })

  test('rejects with what before throws, and sends nothing', async () => {
    const handler = vi.fn(() => Promise.resolve(new Response()))
    const stack = HandlerStack.create(handler).push(
      tap(() => {
        throw new Error('no')
      }),
    )
    await expect(stack.toFetch()(url)).rejects.toThrow('no')
    expect(handler).not.toHaveBeenCalled()
  })

  test('rejects with what after throws, and releases the response that nobody gets', async () => {
    const cancel = vi.fn()
    const stack = HandlerStack.create(() => Promise.resolve(new Response(new ReadableStream({ cancel })))).push(
      tap(undefined, () => {
        throw new Error('no')
      }),
    )
    await expect(stack.toFetch()(url)).rejects.toThrow('no')
    expect(cancel).toHaveBeenCalledOnce()
  })

  test('refuses what is no function', () => {
    expect(() => tap('x' as never)).toThrow(new OptionError('tap', 'before', 'before must be a function, got "x".'))
    expect(() => tap(undefined, {} as never)).toThrow(
      new OptionError('tap', 'after', 'after must be a function, got an object.'),
    )
  })
})
