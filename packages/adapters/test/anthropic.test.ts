import Anthropic, {
  APIConnectionError,
  APIUserAbortError,
  InternalServerError,
  type Middleware,
} from '@anthropic-ai/sdk'
import { fromFetchWrapper, HandlerStack } from '@fetchstack/handler-stack'
import { type RetryOptions, retry } from '@fetchstack/retry'
import { faults, faultyServer } from '@fetchstack/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anthropicMiddleware } from '../src/anthropic.ts'

let server: Awaited<ReturnType<typeof faultyServer>>
beforeEach(async () => {
  server = await faultyServer()
})
afterEach(() => server.close())

const params = { model: 'a-model', max_tokens: 10, messages: [{ role: 'user', content: 'hi' } as const] }
const answer = faults.ok({ id: 'msg_1', type: 'message', role: 'assistant', content: [], model: 'a-model' })
const quick: RetryOptions = { schedule: () => 1, budget: false, idempotentMethods: ['GET', 'POST'] }

function clientWith(...middleware: Middleware[]) {
  return new Anthropic({ apiKey: 'a-key', baseURL: server.url, maxRetries: 0, logLevel: 'off', middleware })
}

describe('anthropicMiddleware', () => {
  it('resends through the SDK, each time with the whole request', async () => {
    server.route('POST /v1/messages', [503, faults.reset(), answer])
    const client = clientWith(anthropicMiddleware(HandlerStack.create().push(retry(quick))))
    expect((await client.messages.create(params)).id).toBe('msg_1')
    expect(server.requests.map(({ text }) => JSON.parse(text))).toEqual([params, params, params])
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(Array(3).fill('Bearer a-key'))
  })

  it('gives the middleware inside the SDK their request: a URL and Headers', async () => {
    server.route('POST /v1/messages', answer)
    const seen: unknown[] = []
    const tagged = HandlerStack.create().push((next) => (request, call) => next(request.withHeader('x-tag', '1'), call))
    const looks: Middleware = (request, next) => {
      seen.push(request.url, new Headers(request.headers).get('x-tag'), Object.getOwnPropertySymbols(request))
      return next(request)
    }
    await clientWith(anthropicMiddleware(tagged), looks).messages.create(params)
    expect(seen).toEqual([`${server.url}/v1/messages`, '1', []])
    expect(server.requests[0]?.headers['x-tag']).toBe('1')
  })

  it('keeps calls that run at once apart', async () => {
    server.route('POST /v1/messages', [503, 503, answer])
    const client = clientWith(anthropicMiddleware(retry(quick)))
    const all = await Promise.all([client.messages.create(params), client.messages.create(params)])
    expect(all.map(({ id }) => id)).toEqual(['msg_1', 'msg_1'])
  })

  it('streams: events arrive one by one', async () => {
    const body = 'event: ping\ndata: {"type":"ping"}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n'
    server.route('POST /v1/messages', [503, faults.ok(body, { 'content-type': 'text/event-stream' })])
    const client = clientWith(anthropicMiddleware(retry(quick)))
    const types: string[] = []
    for await (const event of await client.messages.create({ ...params, stream: true })) types.push(event.type)
    expect(types).toContain('message_stop')
    expect(server.count()).toBe(2)
  })

  it("gives up as the SDK's own errors", async () => {
    server.route('POST /v1/messages', 503)
    const client = clientWith(anthropicMiddleware(retry(quick)))
    await expect(client.messages.create(params)).rejects.toBeInstanceOf(InternalServerError)
    expect(server.count()).toBe(3)
    const nowhere = new Anthropic({
      apiKey: 'a-key',
      baseURL: server.refusedUrl,
      maxRetries: 0,
      middleware: [anthropicMiddleware(retry(quick))],
    })
    await expect(nowhere.messages.create(params)).rejects.toBeInstanceOf(APIConnectionError)
  })

  it('ends a wait at once when the caller aborts', async () => {
    server.route('POST /v1/messages', 503)
    const controller = new AbortController()
    const slow = retry({ ...quick, schedule: () => 60_000, onDecision: () => controller.abort() })
    const sent = clientWith(anthropicMiddleware(slow)).messages.create(params, { signal: controller.signal })
    await expect(sent).rejects.toBeInstanceOf(APIUserAbortError)
    expect(server.count()).toBe(1)
  })

  it('takes per-call options by way of fetchOptions', async () => {
    server.route('POST /v1/messages', 503)
    const client = clientWith(anthropicMiddleware(HandlerStack.create().push(retry(quick))))
    const fetchOptions = { fetchstack: { retry: false } } as object
    await expect(client.messages.create(params, { fetchOptions })).rejects.toBeInstanceOf(InternalServerError)
    expect(server.count()).toBe(1)
  })

  it('hosts a fetch wrapper, and says so when that one drops the fields of init', async () => {
    server.route('POST /v1/messages', answer)
    const kept = fromFetchWrapper((fetch) => (input, init) => fetch(input, init))
    expect((await clientWith(anthropicMiddleware(kept)).messages.create(params)).id).toBe('msg_1')
    const dropped = fromFetchWrapper((fetch) => (input) => fetch(input))
    await expect(clientWith(anthropicMiddleware(dropped)).messages.create(params)).rejects.toThrow(/dropped/)
  })
})
