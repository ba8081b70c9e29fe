import type { BodyInput, FetchInput } from './contract.ts'
import type { HttpRequest } from './http-request.ts'

type MutableInit = Record<string, unknown>

/**
 * A request as the arguments of `fetch`. What the caller gave is passed on verbatim where nothing was changed, so the
 * fields of every runtime arrive, and a changed field overrides only itself.
 *
 * @param body - The body that the request's factory made, when it has one.
 */
export function fetchArguments(request: HttpRequest, body?: BodyInput): [input: FetchInput, init?: RequestInit] {
  const { changes, source } = request
  const { init: given, input } = request
  if (changes === undefined && body === undefined) {
    return given === undefined ? [input] : [input, given as RequestInit]
  }
  const init: MutableInit = { ...given }
  if (changes?.method !== undefined) init['method'] = request.method
  if (changes?.headers !== undefined) init['headers'] = request.headers
  if (changes?.signal !== undefined) init['signal'] = request.signal
  if (changes?.body !== undefined || body !== undefined) init['body'] = body ?? request.body
  if (needsDuplex(init['body'])) init['duplex'] ??= 'half'
  if (source === undefined) return [changes?.url ?? input, init]
  // A `Request` can't lose its body by way of `init`: null there means "as it was". So it is taken apart.
  if (init['body'] === null && source.body !== null) return [request.url, { ...fieldsOf(source), ...init }]
  return [changes?.url === undefined ? input : new Request(changes.url, source), init]
}

function needsDuplex(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body)
}

const defaults: Readonly<Record<string, unknown>> = {
  cache: 'default',
  credentials: 'same-origin',
  integrity: '',
  keepalive: false,
  mode: 'cors',
  redirect: 'follow',
  referrer: 'about:client',
  referrerPolicy: '',
}

/** Only what differs from the defaults: workerd throws for the mere presence of some (`cache`). */
function fieldsOf(source: Request): MutableInit {
  const fields: MutableInit = { method: source.method, headers: source.headers, signal: source.signal }
  for (const [name, value] of Object.entries(defaults)) {
    const own = (source as unknown as MutableInit)[name]
    if (own !== undefined && own !== value) fields[name] = own
  }
  return fields
}
