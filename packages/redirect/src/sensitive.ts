import type { Call, HttpRequest } from '@fetchstack/handler-stack'
import type { Setting } from './options.ts'

/**
 * What a header that holds a credential is called: `authorization`, `cookie`, `x-api-key`, `x-csrf-token`, `signature-input`,
 * `x-amz-security-token`... By words rather than by a list, for there is no end to such names. An idempotency key is none.
 */
const CREDENTIAL =
  /(?:^|[-_])(?:auth(?:orization|entication)?|\w*(?:token|secret|passw(?:or)?d|(?:access|account|api|auth)key|session(?:id)?)|bearer|assertion|[cx]srf|cookie2?|(?<!idempotency-)key|credentials?|signature|hmac|jwt|dpop)(?:$|[-_])/

/** Those that are only true of the origin that they were made for. */
const OF_THE_ORIGIN = ['host', 'referer']

/** What stays within an origin, by lower-case name. */
export interface Sensitive {
  readonly header: (name: string) => boolean
  readonly query: (name: string) => boolean
}

/** What must not leave the origin of a request for `target`; `undefined` for wherever. */
export function sensitive(call: Call, setting: Setting, target?: string): Sensitive {
  const lower = (names: readonly string[] = []): string[] => names.map((name) => name.toLowerCase())
  const headers = new Set(setting.sensitive.headers)
  const query = new Set(setting.sensitive.query)
  for (const declared of call.credentials) {
    for (const name of lower(declared.headers)) headers.add(name)
    for (const name of lower(declared.query)) query.add(name)
  }
  const kept = (target !== undefined && setting.keep[target]) || []
  return {
    header: (name) =>
      !kept.includes(name) && (headers.has(name) || CREDENTIAL.test(name) || OF_THE_ORIGIN.includes(name)),
    query: (name) => !kept.includes(name) && query.has(name),
  }
}

/** The names of a request's headers, in lower case. */
export function headerNames({ headers }: HttpRequest): string[] {
  return [...new Headers(headers).keys()]
}

/** Takes parameters out of a URL's query and leaves the rest as it is written. */
export function withoutParameters(url: URL, drop: (name: string) => boolean): void {
  const parts = url.search.slice(1).split('&')
  const rest = parts.filter((part) => ![...new URLSearchParams(part).keys()].some((name) => drop(name.toLowerCase())))
  if (rest.length < parts.length) url.search = rest.join('&')
}
