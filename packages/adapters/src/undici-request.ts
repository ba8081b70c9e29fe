import { HttpRequest } from '@fetchstack/handler-stack'
import type { DispatchHandler, DispatchOptions } from './undici-types.ts'

/** What came in: rides in `init` to the end of the stack. */
export interface Origin {
  readonly options: DispatchOptions
  readonly handler: DispatchHandler
  /** As the layers get them, to tell whether one was changed. */
  readonly url: string
  readonly headers: unknown
  readonly body: unknown
}

export const originKey: unique symbol = /* @__PURE__ */ Symbol('fetchstack.undici')

/** A request of undici, as the layers see it. */
export function requestOf(options: DispatchOptions, handler: DispatchHandler, signal: AbortSignal): HttpRequest {
  const url = urlOf(options)
  const headers = pairsOf(options.headers)
  const body = bodyOf(options.body)
  const origin: Origin = { options, handler, url, headers, body }
  return HttpRequest.from(url, { method: options.method, headers, body, signal, [originKey]: origin })
}

/** The same for undici again. What no layer changed is what undici was given. */
export async function optionsOf(request: HttpRequest, origin: Origin): Promise<DispatchOptions> {
  const { options, url, headers, body } = origin
  let given: unknown = request.body
  if (typeof given === 'function') given = await (given as () => unknown)()
  const target = request.url === url ? undefined : new URL(request.url)
  const { query: _, ...fields } = options
  return {
    ...(target ? { ...fields, origin: target.origin, path: target.pathname + target.search } : options),
    method: request.init?.method ?? options.method,
    headers: request.headers === headers ? options.headers : Object.fromEntries(new Headers(request.headers)),
    body: given === body ? options.body : given instanceof URLSearchParams ? String(given) : (given ?? null),
  }
}

/** Not parsed: what is sent must be what was given, `..` and all. */
function urlOf({ origin = '', path, query }: DispatchOptions): string {
  const base = String(origin).replace(/\/$/, '')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one ?? ''))
  }
  return `${/^https?:\/\//.test(path) ? '' : base}${path}${search.size > 0 ? `?${search}` : ''}`
}

/** Undici takes an object, a flat list, or pairs; values may be lists, or nothing. */
function pairsOf(headers: unknown): [string, string][] {
  const pairs: [string, string][] = []
  const add = (name: unknown, value: unknown): void => {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) pairs.push([String(name), String(one)])
    }
  }
  if (Array.isArray(headers)) {
    for (let index = 0; index < headers.length; index += 2) add(headers[index], headers[index + 1])
  } else if (typeof (headers as Iterable<unknown> | null)?.[Symbol.iterator] === 'function') {
    for (const [name, value] of headers as Iterable<[unknown, unknown]>) add(name, value)
  } else {
    for (const [name, value] of Object.entries(headers ?? {})) add(name, value)
  }
  return pairs
}

/** What can be iterated once must look like a stream, or a retry would send the rest of it. */
function bodyOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return body
  const once =
    Symbol.iterator in body && !(Symbol.toStringTag in body && String(body[Symbol.toStringTag as never]) === 'FormData')
  return once ? { [Symbol.asyncIterator]: () => body } : body
}
