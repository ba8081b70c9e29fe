import { Call } from './call.ts'
import type { Handler, StackFetch } from './contract.ts'
import { checkType, StackError, unknownName } from './errors.ts'
import type { FetchHandler } from './fetch-handler.ts'
import { HttpRequest, isRequest } from './http-request.ts'
import { type Layer, type Row, unfold } from './layer.ts'

type Init = { fetchstack?: unknown } | undefined

/** A plain `fetch` over a handler. Whatever goes wrong is a rejection, as with `fetch` itself. */
export function makeFetch<Options>(
  handler: Handler,
  layers: readonly Layer[],
  terminal: FetchHandler,
): StackFetch<Options> {
  const rows = unfold(layers).rows.filter(({ info }) => info?.checkCallOption)
  const stackFetch: StackFetch<Options> = (input, init) => {
    try {
      // Some clients hang what they don't know on the `Request` that they make (openapi-fetch).
      const options = (init as Init)?.fetchstack ?? (input as Init)?.fetchstack
      const given = options === undefined || isRequest(init) ? init : without(init)
      const call = new Call(options === undefined ? undefined : checkCallOptions(options, rows))
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
  return Object.assign(stackFetch, terminal.fetch ?? globalThis.fetch)
}

function without({ fetchstack: _, ...rest }: Init = {}): object {
  return rest
}

function checkCallOptions(options: unknown, rows: readonly Row[]): Readonly<Record<string, unknown>> {
  checkType(options, 'fetchstack', 'object')
  for (const [name, value] of Object.entries(options as object)) {
    const takers = rows.filter((row) => row.name === name)
    const known = rows.map((row) => row.name)
    if (takers.length === 0) throw unknownName('per-call option', name, known)
    if (value !== undefined) for (const { info } of takers) info!.checkCallOption!(value)
  }
  return options as Readonly<Record<string, unknown>>
}
