import type { HttpRequest } from '@fetchstack/handler-stack'
import type { AuthScheme } from './scheme.ts'

/** Whether a request has one of the query parameters that the scheme writes. */
export function hasParameter({ writes }: AuthScheme): (request: HttpRequest) => boolean {
  const names = writes.query ?? []
  return ({ url }) => names.some((name) => new URL(url).searchParams.has(name))
}

/** The request with the parameter in place of any of that name. Works on the text, so that the others stay as they were written. */
export function withParameter(request: HttpRequest, name: string, value: string): HttpRequest {
  const [, address, query, fragment] = /^([^?#]*)\??([^#]*)(.*)$/s.exec(request.url)!
  // With `&` before it: `URLSearchParams` drops a leading `?`, which here belongs to a name.
  const others = query!.split('&').filter((part) => part !== '' && !new URLSearchParams(`&${part}`).has(name))
  const parameter = String(new URLSearchParams([[name, value]]))
  return request.with({ url: `${address}?${[...others, parameter].join('&')}${fragment}` })
}
