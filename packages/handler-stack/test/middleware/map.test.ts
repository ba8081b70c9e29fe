import { OptionError } from '@fetchstack/options'
import { describe, expect, test, vi } from 'vitest'
import { Call, HandlerStack, HttpRequest, StackError } from '../../src/index.ts'
import { mapRequest, mapResponse } from '../../src/middleware/index.ts'
import { echoServer, greet, greeting, recording } from '../helpers.ts'

const url = 'https://api.example.com/'
const request = HttpRequest.from(url)

describe('mapRequest', () => {
  test('sends what the function returns', async () => {
    const { calls, stack } = recording()
    const map = vi.fn((one: HttpRequest) => one.withHeader('a', '1'))
    await stack.push(mapRequest(map)).toFetch()(url)
    expect(calls[0]?.init).toEqual({ headers: { a: '1' } })
    expect(map).toHaveBeenCalledExactlyOnceWith(expect.any(HttpRequest), expect.any(Call))
  })

  test('may be asynchronous', async () => {
    const stack = greeting().push(mapRequest((one) => Promise.resolve(one.withHeader('trace', '1'))))
    expect(await greet(stack)).toBe('Hello - test1')
  })

  test('does not wait for a request that is there', () => {
    const next = vi.fn(() => Promise.resolve(new Response()))
    void mapRequest((one) => one)(next)(request, new Call())
    expect(next).toHaveBeenCalledOnce()
  })

  test('hands on the promise of the handler itself', () => {
    const promise = Promise.resolve(new Response())
    expect(mapRequest((one) => one)(() => promise)(request, new Call())).toBe(promise)
  })

  test.each([
    ['nothing', () => undefined],
    ['a Request', () => new Request(url)],
    ['a promise of nothing', () => Promise.resolve()],
  ])('rejects when the function returns %s', async (_, map) => {
    const { calls, stack } = recording()
    const sent = stack.push(mapRequest(map as never)).toFetch()(url)
    await expect(sent).rejects.toThrow(StackError)
    await expect(sent).rejects.toThrow(/^mapRequest: map must return an HttpRequest: .*; got (undefined|object)\.$/)
    expect(calls).toEqual([])
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('rejects with what the function %s, also for the layers outside', async (_, map) => {
    await expect(mapRequest(map)(() => Promise.resolve(new Response()))(request, new Call())).rejects.toThrow('no')
  })

  test('takes a request of another installed copy, by its shape', async () => {
    const foreign = { ...request, withHeader: () => foreign } as unknown as HttpRequest
    const next = vi.fn(() => Promise.resolve(new Response()))
    await mapRequest(() => foreign)(next)(request, new Call())
    expect(next).toHaveBeenCalledWith(foreign, expect.anything())
  })

  test('refuses what is no function', () => {
    expect(() => mapRequest('x' as never)).toThrow(
      new OptionError('mapRequest', 'map', 'map must be a function, got "x".'),
    )
  })
})

describe('mapResponse', () => {
  test('gives on what the function returns', async () => {
    const map = vi.fn(() => new Response('mapped'))
    expect(await greet(greeting().push(mapResponse(map)))).toBe('mapped')
    expect(map).toHaveBeenCalledExactlyOnceWith(expect.any(Response), expect.any(HttpRequest), expect.any(Call))
  })

  test('may be asynchronous', async () => {
    const stack = greeting().push(mapResponse(async (response) => new Response(`${await response.text()}!`)))
    expect(await greet(stack)).toBe('Hello - test!')
  })

  test('gives on the very response that it got', async () => {
    const response = new Response()
    const stack = HandlerStack.create(() => Promise.resolve(response)).push(mapResponse((one) => one))
    expect(await stack.toFetch()(url)).toBe(response)
  })

  test('is not called for a rejection, which goes on unchanged', async () => {
    const map = vi.fn((response: Response) => response)
    const error = new TypeError('fetch failed')
    const stack = HandlerStack.create(() => Promise.reject(error)).push(mapResponse(map))
    await expect(stack.toFetch()(url)).rejects.toBe(error)
    expect(map).not.toHaveBeenCalled()
  })

  test('rejects with what the function throws; the response in the error can be read', async () => {
    await using server = await echoServer()
    const stack = HandlerStack.create().push(
      mapResponse((response) => {
        throw Object.assign(new Error('no'), { response })
      }),
    )
    const error = (await stack
      .toFetch()(server.url)
      .catch((reason: unknown) => reason)) as { response: Response }
    expect(await error.response.text()).toBe('ok')
  })

  test.each([
    ['nothing', () => undefined],
    ['a string', () => 'mapped'],
    ['a promise of nothing', () => Promise.resolve()],
  ])('rejects when the function returns %s, and releases the response', async (_, map) => {
    const cancel = vi.fn()
    const stack = HandlerStack.create(() => Promise.resolve(new Response(new ReadableStream({ cancel }))))
    const sent = stack.push(mapResponse(map as never)).toFetch()(url)
    await expect(sent).rejects.toThrow(/^mapResponse: map must return a Response: .*; got (undefined|string)\.$/)
    expect(cancel).toHaveBeenCalledOnce()
  })

  test('refuses what is no function', () => {
    expect(() => mapResponse(null as never)).toThrow(OptionError)
  })
})

test('the printed stack tells which functions they run', () => {
  const stack = greeting()
    .push(
      mapRequest(function addVersion(one) {
        return one
      }),
    )
    .push(mapResponse((response) => response))
  expect(String(stack)).toContain('mapRequest(addVersion)')
  expect(String(stack)).toContain('mapResponse()')
})
