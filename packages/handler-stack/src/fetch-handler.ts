import type { FetchFunction, Handler } from './contract.ts'
import { checkType } from './errors.ts'
import type { HttpRequest } from './http-request.ts'

/** A handler that ends in a `fetch`. */
export interface FetchHandler extends Handler {
  /** `undefined` for whatever `globalThis.fetch` is at the time. */
  readonly fetch?: FetchFunction | undefined
}

/**
 * Makes any `fetch` a terminal handler. It settles as that `fetch` does: same response object, same error.
 *
 * @param fetch - Default: `globalThis.fetch`, looked up at each call, so that what instruments it later still takes part.
 * @throws {StackError} `fetch` is no function.
 * @example
 * ```ts
 * import { fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
 *
 * const offline = fetchHandler(async () => new Response('offline', { status: 503 }))
 * const api = HandlerStack.create(offline).toFetch()
 * ```
 */
export function fetchHandler(fetch?: FetchFunction): FetchHandler {
  if (fetch !== undefined) checkType(fetch, 'A fetch')
  const name = fetch?.name || 'fetch'
  const { [name]: handler } = { [name]: (request: HttpRequest) => send(fetch ?? globalThis.fetch, request) }
  return Object.assign(handler!, { fetch })
}

/** Calls `fetch` with what the caller gave, verbatim where nothing was changed. */
export function send(fetch: FetchFunction, request: HttpRequest, extra?: object): Promise<Response> {
  const { init } = request
  const body = init?.body
  if (typeof body !== 'function') return fetch(request.input, (extra ? { ...init, ...extra } : init) as RequestInit)
  const { signal } = request
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal!.reason)
    }
    if (signal?.aborted) return stop()
    signal?.addEventListener('abort', stop, { once: true })
    const make = async (): Promise<Response> => send(fetch, request.with({ body: (await body()) ?? null }), extra)
    // An abort need not wait for the body. A stream that comes after it goes to `fetch` all the same, which cancels it.
    make()
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', stop))
  })
}
