import { toFetchMiddleware } from '@fetchstack/adapters'
import { type FetchFunction, fromFetchWrapper, HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { retry } from '@fetchstack/retry'
import { faults, faultyServer } from '@fetchstack/testing'
import { type Span, type Tracer, type TracerProvider, trace } from '@opentelemetry/api'
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { pipeline, withHeaders, withRetry, withTimeout } from 'fetch-extras'
import fetchRetry from 'fetch-retry'
import returnFetch from 'return-fetch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import wretch from 'wretch'
import { dedupe, delay, throttlingCache, retry as wretchRetry } from 'wretch/middlewares'

let server: Awaited<ReturnType<typeof faultyServer>>
beforeEach(async () => {
  server = await faultyServer()
})
afterEach(() => server.close())

const quick = retry({ schedule: () => 1, budget: false })

/** Whether the layers inside a wrapper still know the call. */
function knowsTheCall(seen: unknown[]): Middleware {
  return (next) => (request, call) => {
    seen.push(call.options['retry'])
    return next(request, call)
  }
}

function hosted(wrapper: unknown, seen: unknown[] = []) {
  return HandlerStack.create()
    .push(fromFetchWrapper(wrapper as (fetch: FetchFunction) => FetchFunction), 'wrapper')
    .push(knowsTheCall(seen), 'inside')
    .push(quick)
    .toFetch()
}

describe('fromFetchWrapper hosts the wrappers of others', () => {
  const wrappers: [name: string, wrapper: unknown, attempts: number][] = [
    ['withTimeout of fetch-extras', withTimeout(5_000), 1],
    ['withHeaders of fetch-extras', withHeaders({ 'x-one': '1' }), 1],
    ['withRetry of fetch-extras', withRetry({ retries: 1, backoff: () => 1 }), 2],
    ['fetch-retry', (fetch: FetchFunction) => fetchRetry(fetch, { retries: 1, retryDelay: 1, retryOn: [503] }), 2],
    ['return-fetch', (fetch: FetchFunction) => returnFetch({ fetch, headers: { 'x-one': '1' } }), 1],
    ['delay of wretch', delay(1), 1],
    ['dedupe of wretch', dedupe(), 1],
    ['throttlingCache of wretch', throttlingCache({ throttle: 0 }), 1],
    ['retry of wretch', wretchRetry({ maxAttempts: 1, delayTimer: 1 }), 2],
  ]

  it.each(wrappers)('%s: the layers inside take part, and the answer comes through', async (_, wrapper) => {
    server.route('GET /videos', [503, faults.ok('there')])
    const response = await hosted(wrapper)(`${server.url}/videos`)
    expect(await response.text()).toBe('there')
    expect(server.count()).toBe(2)
  })

  it.each(wrappers)('%s: per-call options reach the layers inside', async (_, wrapper, attempts) => {
    server.route('GET /videos', 503)
    const seen: unknown[] = []
    await hosted(wrapper, seen)(`${server.url}/videos`, { fetchstack: { retry: false } }).catch(() => {})
    expect(seen).toEqual(Array.from({ length: attempts }, () => false))
  })
})

describe('toFetchMiddleware gives what others take', () => {
  it('a middleware of wretch', async () => {
    server.route('GET /videos', [503, faults.ok('there')])
    const middleware = toFetchMiddleware(HandlerStack.create().push(quick))
    const text = await wretch(server.url).middlewares([middleware]).get('/videos').text()
    expect(text).toBe('there')
  })

  it('a part of a pipeline of fetch-extras', async () => {
    server.route('GET /videos', [503, faults.ok('there')])
    const api = pipeline(fetch, withHeaders({ 'x-one': '1' }), toFetchMiddleware(quick))
    expect(await (await api(`${server.url}/videos`)).text()).toBe('there')
    expect(server.requests.map(({ headers }) => headers['x-one'])).toEqual(['1', '1'])
  })
})

describe('OpenTelemetry', () => {
  it('instrumentation-undici records a span for each attempt of a stack', async () => {
    const spans: string[] = []
    const inert = trace.getTracer('inert').startSpan('inert')
    const span = (name: string): Span => {
      const made: Span = Object.assign(Object.create(inert) as Span, {
        setAttribute: () => made,
        setAttributes: () => made,
        end: () => void spans.push(name),
      })
      return made
    }
    const tracer = { startSpan: (name: string) => span(name) } as unknown as Tracer
    const provider: TracerProvider = { getTracer: () => tracer }
    const instrumentation = new UndiciInstrumentation()
    instrumentation.setTracerProvider(provider)
    instrumentation.enable()
    try {
      server.route('GET /videos', [503, faults.ok('there')])
      await (await HandlerStack.create().push(quick).toFetch()(`${server.url}/videos`)).text()
    } finally {
      instrumentation.disable()
    }
    expect(spans).toEqual(['GET', 'GET'])
  })

  it('instrumentation-fetch patches globalThis.fetch later, and still takes part in each attempt', async () => {
    const api = HandlerStack.create().push(quick).toFetch()
    const started: string[] = []
    const startSpan = (name: string): Span => {
      started.push(name)
      return trace.getTracer('inert').startSpan('inert')
    }
    const tracer = { startSpan } as unknown as Tracer
    // oxlint-disable-next-line typescript/no-deprecated -- its successor lives in opentelemetry-browser; this one is what many have
    const instrumentation = new FetchInstrumentation()
    instrumentation.setTracerProvider({ getTracer: () => tracer })
    instrumentation.enable()
    try {
      server.route('GET /videos', [503, 200])
      expect((await api(`${server.url}/videos`)).status).toBe(200)
    } finally {
      instrumentation.disable()
    }
    expect(started).toEqual(['GET', 'GET'])
  })
})
