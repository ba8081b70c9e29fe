import { Call, HttpRequest } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { redirect } from '../src/index.ts'

const to = (location: string, status: number) => new Response(null, { status, headers: { location } })
const post = (signal?: AbortSignal) =>
  HttpRequest.from('https://example.com/orders', { method: 'POST', body: 'x', ...(signal && { signal }) })
const seen = (mock: ReturnType<typeof mockHandler>) =>
  mock.calls.map(({ request }) => `${request.method} ${new URL(request.url).pathname}`)

describe('when a layer outside sends the request again', () => {
  it.each([301, 302, 303])('a POST that a %i answered was processed: it goes on from there', async (status) => {
    const mock = mockHandler([to('/orders/1', status), new TypeError('fetch failed'), to('/orders/2', 302), 200])
    const handler = redirect()(mock)
    const call = new Call()
    await expect(handler(post(), call)).rejects.toThrow('fetch failed')
    call.attempt++
    const { signal } = new AbortController()
    const response = await handler(post(signal), call)
    expect(response.redirected).toBe(true)
    expect(seen(mock)).toEqual(['POST /orders', 'GET /orders/1', 'GET /orders/1', 'GET /orders/2'])
    expect(mock.last!.request.signal).toBe(signal)
  })

  it('counts what was followed before', async () => {
    const mock = mockHandler([
      to('/1', 303),
      to('/2', 303),
      new TypeError('fetch failed'),
      to('/2', 303),
      to('/3', 303),
    ])
    const handler = redirect({ max: 2 })(mock)
    const call = new Call()
    await expect(handler(post(), call)).rejects.toThrow('fetch failed')
    call.attempt++
    await expect(handler(post(), call)).rejects.toMatchObject({ code: 'FETCHSTACK_REDIRECT_TOO_MANY' })
    expect(seen(mock)).toEqual(['POST /orders', 'GET /1', 'GET /2', 'GET /1', 'GET /2'])
  })

  it('a 307 says that it was not: it starts again', async () => {
    const mock = mockHandler([to('/orders/1', 307), new TypeError('fetch failed'), 200])
    const handler = redirect()(mock)
    const call = new Call()
    await expect(handler(post(), call)).rejects.toThrow('fetch failed')
    call.attempt++
    await handler(post(), call)
    expect(seen(mock)).toEqual(['POST /orders', 'POST /orders/1', 'POST /orders'])
  })

  it('another request of the same attempt, another request, another call, another stack: none of them', async () => {
    const mock = mockHandler([to('/orders/1', 303), 200, 200, 200, 200, 200])
    const layer = redirect()
    const handler = layer(mock)
    const call = new Call()
    await handler(post(), call)
    await handler(post(), call)
    call.attempt++
    await handler(HttpRequest.from('https://example.com/orders', { method: 'PUT', body: 'x' }), call)
    const other = new Call()
    other.attempt = 2
    await handler(post(), other)
    await layer(mock)(post(), call)
    expect(seen(mock).slice(2)).toEqual(['POST /orders', 'PUT /orders', 'POST /orders', 'POST /orders'])
  })
})

it('calls at the same time do not share anything', async () => {
  const handler = redirect({ max: 1 })(async ({ url }) => (url.endsWith('/new') ? new Response() : to('/new', 302)))
  const sent = Array.from({ length: 50 }, () => handler(HttpRequest.from('https://example.com'), new Call()))
  for (const response of await Promise.all(sent)) expect(response.redirected).toBe(true)
})

it('what a handler throws at once becomes a rejection', async () => {
  const error = new Error('at once')
  const handler = redirect()(() => {
    throw error
  })
  await expect(handler(post(), new Call())).rejects.toBe(error)
})
