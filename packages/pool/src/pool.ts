import { type FetchFunction, release } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOneOf, checkOptions, OptionError } from '@fetchstack/options'
import { pMapIterable } from 'p-map'
import type { BatchOptions, PoolOptions, PoolRequest, PoolResult } from './types.ts'

/**
 * Makes many requests, so many at a time, and gives their results one by one as an async iterator. Requests are taken from their
 * source only when there is room for them, so that the source may be endless.
 *
 * A request that fails is a result like any other, and the others go on. Leaving the loop early aborts what is under way and closes
 * the source; results that were taken keep their bodies. Read or cancel each body before the next result is taken, or the unread ones hold
 * their connections.
 *
 * Starts at the first `next()`. What the source throws rejects the iteration, and ends it.
 *
 * @param fetch - Any fetch: a stack's, a client's, or the platform's.
 * @param requests - Each as `fetch` takes it, `[input, init]`, or a function of the fetch and a signal.
 * @throws {OptionError} An option, the fetch or the source of requests is not valid.
 * @example
 * ```ts
 * import { pool } from '@fetchstack/pool'
 *
 * const pages = Array.from({ length: 100 }, (_, page) => `https://api.example.com/videos?page=${page}`)
 * for await (const result of pool(fetch, pages, { concurrency: 5 })) {
 *   console.log(result.index, result.status === 'fulfilled' ? await result.value.json() : result.reason)
 * }
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function pool<Request extends PoolRequest>(
  fetch: FetchFunction,
  requests: Iterable<Request> | AsyncIterable<Request>,
  options: PoolOptions = {},
): AsyncIterableIterator<PoolResult<Request>> {
  checkOptions('pool', options, ['concurrency', 'signal', 'order', 'ahead'])
  check('pool', fetch, requests, options)
  const { concurrency = DEFAULT, order = 'request', ahead = concurrency, signal } = options
  checkOneOf('pool', 'order', order, ['request', 'settled'])
  checkNumber('pool', 'ahead', ahead, { min: concurrency, max: Infinity, integer: true })
  return run(fetch, requests, concurrency, ahead, order === 'request', signal)
}

/**
 * Makes many requests, so many at a time, and gives all results in the order of the requests. It does not reject when some of them
 * fail; only `signal` and a source that throws make it reject.
 *
 * All responses are held until the last one is there, and each unread body holds its connection: for more than a few hundred requests, or for
 * large bodies, take {@link pool}, or let each request be a function that reads its body.
 *
 * @throws {OptionError} An option, the fetch or the source of requests is not valid.
 * @example
 * ```ts
 * import { batch } from '@fetchstack/pool'
 *
 * const results = await batch(fetch, ['https://api.example.com/a', ['https://api.example.com/b', { method: 'DELETE' }]])
 * console.log(results.map((result) => (result.status === 'fulfilled' ? result.value.status : result.reason)))
 * ```
 */
export async function batch<Request extends PoolRequest>(
  fetch: FetchFunction,
  requests: Iterable<Request> | AsyncIterable<Request>,
  options: BatchOptions = {},
): Promise<PoolResult<Request>[]> {
  checkOptions('batch', options, ['concurrency', 'signal'])
  check('batch', fetch, requests, options)
  const { concurrency = DEFAULT, signal } = options
  const results: PoolResult<Request>[] = []
  // As they settle, so that a slow one holds nobody up.
  for await (const result of run(fetch, requests, concurrency, concurrency, false, signal))
    results[result.index] = result
  return results
}

const DEFAULT = 25

function check(
  owner: string,
  fetch: unknown,
  requests: unknown,
  { concurrency = DEFAULT, signal }: BatchOptions,
): void {
  checkFunction(owner, 'fetch', fetch)
  const source = Object(requests) as Partial<Iterable<unknown> & AsyncIterable<unknown>>
  if (typeof requests === 'string' || !(source[Symbol.asyncIterator] ?? source[Symbol.iterator])) {
    throw new OptionError(owner, 'requests', 'requests must be a list of requests, or something else to iterate over.')
  }
  checkNumber(owner, 'concurrency', concurrency, { min: 1, max: Infinity, integer: true })
  if (signal !== undefined && typeof (Object(signal) as Partial<AbortSignal>).addEventListener !== 'function') {
    throw new OptionError(owner, 'signal', 'signal must be an AbortSignal.')
  }
}

async function* run<Request extends PoolRequest>(
  fetch: FetchFunction,
  requests: Iterable<Request> | AsyncIterable<Request>,
  concurrency: number,
  ahead: number,
  preserveOrder: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<PoolResult<Request>, void, undefined> {
  // Of the requests whose results have not been taken.
  const waiting = new Set<AbortController>()
  const send = async ([index, request]: readonly [number, Request]) => {
    const controller = new AbortController()
    waiting.add(controller)
    const result = await settle(fetch, request, controller.signal)
    // A fetch that does not listen to its signal answers too late.
    if (controller.signal.aborted && result.status === 'fulfilled') release(result.value)
    return { controller, result: { index, request, ...result } }
  }
  signal?.throwIfAborted()
  const settled = pMapIterable(numbered(requests), send, { concurrency, backpressure: ahead, preserveOrder })
  const iterator = settled[Symbol.asyncIterator]()
  try {
    for (;;) {
      const step = await next(iterator, signal)
      if (step.done === true) return
      waiting.delete(step.value.controller)
      yield step.value.result
    }
  } finally {
    const left = new DOMException('The pool was left before this result was taken.', 'AbortError')
    for (const controller of waiting) controller.abort(left)
    // Not awaited: a source that hangs would hold the caller.
    void iterator.return?.().catch(() => {})
  }
}

/** The next step; rejects with the signal's reason as soon as it aborts. */
function next<Step>(
  iterator: AsyncIterator<Step>,
  signal: AbortSignal | undefined,
): Promise<IteratorResult<Step, unknown>> {
  if (signal === undefined) return iterator.next()
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop)
    void iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
}

async function* numbered<Request>(
  requests: Iterable<Request> | AsyncIterable<Request>,
): AsyncGenerator<readonly [number, Request]> {
  let index = 0
  for await (const request of requests) yield [index++, request]
}

type Settled =
  | { readonly status: 'fulfilled'; readonly value: Response }
  | { readonly status: 'rejected'; readonly reason: unknown }

async function settle(fetch: FetchFunction, request: PoolRequest, own: AbortSignal): Promise<Settled> {
  try {
    return { status: 'fulfilled', value: await start(fetch, request, own) }
  } catch (reason) {
    return { status: 'rejected', reason }
  }
}

function start(fetch: FetchFunction, request: PoolRequest, own: AbortSignal): Promise<Response> {
  if (typeof request === 'function') return request(fetch, own)
  const [input, init] = (Array.isArray(request) ? request : [request]) as readonly [
    Exclude<PoolRequest, readonly unknown[]>,
    RequestInit?,
  ]
  const given = init?.signal ?? (input as Partial<globalThis.Request>).signal
  const signal = given ? AbortSignal.any([given, own]) : own
  return fetch(input as string, { ...init, signal })
}
