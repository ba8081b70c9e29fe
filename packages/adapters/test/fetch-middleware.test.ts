import { fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
import { type RetryOptions, retry } from '@fetchstack/retry'
import { faults, faultyServer } from '@fetchstack/testing'
import { applyMiddlewares, type Middleware } from '@modelcontextprotocol/sdk/client/middleware.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toFetchMiddleware } from '../src/index.ts'

const quick: RetryOptions = { schedule: () => 1, budget: false }
let server: Awaited<ReturnType<typeof faultyServer>>
beforeEach(async () => {
  server = await faultyServer()
})
afterEach(() => server.close())

describe('toFetchMiddleware', () => {
  it('puts a stack around the fetch that it is given', async () => {
    server.route('GET /videos', [503, faults.ok('there')])
    const fetch = toFetchMiddleware(HandlerStack.create().push(retry(quick)))(globalThis.fetch)
    expect(await (await fetch(`${server.url}/videos`)).text()).toBe('there')
    expect(server.count()).toBe(2)
  })

  it('takes one middleware in place of a stack', async () => {
    const fetch = toFetchMiddleware(retry(quick))(async () => new Response('mine'))
    expect(await (await fetch('https://api.example.com/')).text()).toBe('mine')
  })

  it('is a Middleware of the MCP SDK, among others and in their order', async () => {
    server.route('POST /mcp', [503, faults.ok({ jsonrpc: '2.0', id: 1, result: {} })])
    const order: string[] = []
    const named =
      (name: string): Middleware =>
      (next) =>
      (url, init) => {
        order.push(name)
        return next(url, init)
      }
    const stack: Middleware = toFetchMiddleware(
      HandlerStack.create().push(retry({ ...quick, idempotentMethods: ['POST'] })),
    )
    const composed = applyMiddlewares(named('inner'), stack, named('outer'))(globalThis.fetch)
    const transport = new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { fetch: composed })
    const answered = new Promise((resolve, reject) => {
      Object.assign(transport, { onmessage: resolve, onerror: reject })
    })
    await transport.start()
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'ping' })
    expect(await answered).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
    expect(order).toEqual(['outer', 'inner', 'inner'])
    await transport.close()
  })

  it('takes per-call options by the names of the layers, and refuses others', async () => {
    server.route('GET /videos', 503)
    const fetch = toFetchMiddleware(HandlerStack.create().push(retry(quick)))(globalThis.fetch)
    const untyped = fetch as (url: string, init: object) => Promise<Response>
    expect((await untyped(`${server.url}/videos`, { fetchstack: { retry: false } })).status).toBe(503)
    expect(server.count()).toBe(1)
    await expect(untyped(`${server.url}/videos`, { fetchstack: { retri: false } })).rejects.toThrow(/"retry"/)
  })

  it('keeps what hangs on the fetch', () => {
    const fetch = Object.assign(async () => new Response(), { preconnect: () => 'here' })
    expect(toFetchMiddleware(retry())(fetch)).toHaveProperty('preconnect')
  })

  it('refuses a stack with a handler of its own, which would be left out, and what is no middleware', () => {
    const own = HandlerStack.create(fetchHandler(async () => new Response())).push(retry())
    expect(() => toFetchMiddleware(own)).toThrow(/handler of its own/)
    expect(() => toFetchMiddleware('retry' as never)).toThrow(/A middleware must be of type function/)
  })
})
