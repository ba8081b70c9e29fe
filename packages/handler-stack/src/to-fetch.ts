import { Call } from './call.ts'
import type { FetchInput, Handler, StackFetch, StackInit } from './contract.ts'
import { checkType, StackError, unknownName } from './errors.ts'
import type { FetchHandler } from './fetch-handler.ts'
import { HttpRequest, isRequest } from './http-request.ts'
import { type Layer, type Row, unfold } from './layer.ts'

type Init = { fetchstack?: unknown } | undefined
type CallOptions = Readonly<Record<string, unknown>>

// Registered, so that two installed copies of this package understand each other.
const bind: unique symbol = /* @__PURE__ */ Symbol.for('fetchstack.bind')

/**
 * A fetch over the same stack whose calls have these per-call options: for clients that don't pass unknown fields of `init` on.
 * What a call gives itself wins, layer by layer. The options are checked now.
 *
 * @param fetch - What `toFetch()` gave, or this function.
 * @throws {StackError} `fetch` is no fetch of a stack, or an option has a name that no layer answers to.
 * @throws {OptionError} A layer refuses its option.
 * @example
 * ```ts
 * import { HandlerStack, withOptions } from '@fetchstack/handler-stack'
 * import { retry } from '@fetchstack/retry'
 *
 * const api = HandlerStack.create().push(retry()).toFetch()
 * export const patient = withOptions(api, { retry: { maxAttempts: 10 } })
 * ```
 */
export function withOptions<Fetch extends (input: FetchInput, init?: StackInit) => Promise<Response>>(
  fetch: Fetch,
  options: NonNullable<NonNullable<Parameters<Fetch>[1]>['fetchstack']>,
): Fetch {
  const bound = (fetch as { [bind]?: (options: object) => Fetch } | null)?.[bind]
  if (!bound) throw new StackError('withOptions takes the fetch that toFetch() of a stack gives.')
  return bound(options)
}

/**
 * A plain `fetch` over a handler. Whatever goes wrong is a rejection, as with `fetch` itself.
 *
 * @param bound - Per-call options of every call.
 */
export function makeFetch<Options>(
  handler: Handler,
  layers: readonly Layer[],
  terminal: FetchHandler,
  bound?: CallOptions,
): StackFetch<Options> {
  const rows = unfold(layers).rows.filter(({ info }) => info?.checkCallOption)
  const stackFetch: StackFetch<Options> = (input, init) => {
    try {
      // Some clients hang what they don't know on the `Request` that they make (openapi-fetch).
      const options = (init as Init)?.fetchstack ?? (input as Init)?.fetchstack
      const given = options === undefined || isRequest(init) ? init : without(init)
      const call = new Call(options === undefined ? bound : checkCallOptions(options, rows, bound))
      const response = handler(HttpRequest.from(input, given), call)
      if (response === undefined || typeof response === 'function') {
        throw new StackError('A middleware must return next(request, call); push(retry()), not push(retry).')
      }
      return Promise.resolve(response)
    } catch (error) {
      return Promise.reject(error)
    }
  }
  // What a runtime hangs on its fetch (Bun's `preconnect`) stays reachable.
  Object.assign(stackFetch, terminal.fetch ?? globalThis.fetch)
  const again = (options: object): StackFetch<Options> =>
    makeFetch(handler, layers, terminal, checkCallOptions(options, rows, bound))
  // Not enumerable: a stack over this one would take it along.
  return Object.defineProperty(stackFetch, bind, { value: again })
}

function without({ fetchstack: _, ...rest }: Init = {}): object {
  return rest
}

function checkCallOptions(options: unknown, rows: readonly Row[], bound?: CallOptions): CallOptions {
  checkType(options, 'fetchstack', 'object')
  for (const [name, value] of Object.entries(options as object)) {
    const takers = rows.filter((row) => row.name === name)
    const known = rows.map((row) => row.name)
    if (takers.length === 0) throw unknownName('per-call option', name, known)
    if (value !== undefined) for (const { info } of takers) info!.checkCallOption!(value)
  }
  return { ...bound, ...(options as CallOptions) }
}
