import type { HttpRequest } from '@fetchstack/handler-stack'
import type { UndiciModule } from './types.ts'

/** What undici's `fetch` gets. */
export interface Translated {
  readonly url: string
  readonly init: Readonly<Record<string, unknown>>
}

/**
 * Takes apart what only its own `fetch` knows: Node's `Request` and `FormData` are of another copy of undici, for which the package's
 * are any objects. All else (URLs, headers, Blobs, streams, signals) is of Node itself, or plain.
 */
export function translate(request: HttpRequest, { FormData }: Pick<UndiciModule, 'FormData'>): Translated {
  const { source, body } = request
  // Without its body a `Request` comes apart into fields; they go on with the body that it had.
  const { url, init } = source === undefined ? request : request.with({ body: null })
  if (!isForeignForm(body, FormData)) {
    if (source === undefined) return { url, init: init ?? {} }
    return { url, init: { ...init, body, ...(body && { duplex: 'half' }) } }
  }
  const form = new FormData()
  for (const [name, value] of body) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, value.name)
  }
  return { url, init: { ...init, body: form } }
}

/** By its tag: it may be Node's, or a polyfill's. */
function isForeignForm(body: unknown, own: UndiciModule['FormData']): body is FormData {
  return !(body instanceof own) && Object.prototype.toString.call(body) === '[object FormData]'
}
