import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fetchHandler, HandlerStack, type Middleware } from '../src/index.ts'
import { httpErrors, mapRequest, mapResponse, tap } from '../src/middleware/index.ts'

const names = ['Request', 'Response', 'Headers', 'URL', 'AbortController'] as const
const originals = Object.fromEntries(names.map((name) => [name, globalThis[name]]))
const built: string[] = []

beforeEach(() => {
  built.length = 0
  for (const name of names) {
    const counting = class extends (originals[name] as new (...args: unknown[]) => object) {
      constructor(...args: unknown[]) {
        super(...args)
        built.push(name)
      }
    }
    Object.assign(globalThis, { [name]: counting })
  }
})
afterEach(() => void Object.assign(globalThis, originals))

const response = new Response('ok')
const pass: Middleware = (next) => (request, call) => next(request, call)

function stack(): HandlerStack {
  return HandlerStack.create(fetchHandler(() => Promise.resolve(response)))
}

describe('on the way of success', () => {
  test('the test itself sees what is built', () => {
    expect([new Request(new URL('https://a.example')), new Headers()]).toHaveLength(2)
    expect(built).toEqual(expect.arrayContaining(['URL', 'Request', 'Headers']))
  })

  test.each([
    ['a plain object', { accept: 'text/html' }],
    ['no headers', undefined],
    ['Headers', new Headers({ accept: 'text/html' })],
  ])('five layers and an edit of a header build nothing: %s', async (_, headers) => {
    const edit: Middleware = (next) => (request, call) => next(request.withHeader('authorization', 'x'), call)
    const api = stack().push(pass).push(pass).push(pass).push(pass).push(pass).push(edit).toFetch()
    const passed = await api('https://api.example.com/videos', headers && { headers })
    expect(passed).toBe(response)
    expect(built).toEqual([])
  })

  test('neither does a change of everything, nor reading everything', async () => {
    const read: Middleware = (next) => (request, call) => {
      const { method, url, signal, body, replay, origin } = request
      void [method, url, signal, body, replay, origin, String(request), request.fork()]
      return next(request.with({ method: 'PUT', body: 'x', url: 'https://api.example.com/2' }), call)
    }
    const api = stack().push(read).toFetch()
    await api('https://api.example.com/')
    built.length = 0
    expect(await api('https://api.example.com/')).toBe(response)
    expect(built).toEqual([])
  })

  test('neither does a Request that passes', async () => {
    const request = new Request('https://api.example.com/', { method: 'POST', body: 'x' })
    built.length = 0
    await stack()
      .push(pass)
      .push(mapRequest((one) => one.withHeader('a', '1')))
      .toFetch()(request)
    expect(built).toEqual([])
  })

  test('neither do the small middleware, and the very response passes', async () => {
    const api = stack()
      .push(httpErrors())
      .push(tap(() => {}))
      .push(mapRequest((request) => request.withHeader('a', '1')))
      .push(mapResponse((one) => one))
      .toFetch()
    expect(await api('https://api.example.com/')).toBe(response)
    expect(built).toEqual([])
  })
})
