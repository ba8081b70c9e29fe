import type { HeadersInput } from './contract.ts'

/** The value of a header, several joined by `, ` as `Headers.get` does; `undefined` when there is none. */
export function getHeader(headers: HeadersInput | undefined, name: string): string | undefined {
  const values = Object.entries(toRecord(headers)).flatMap(([key, value]) => (same(key, name) ? value : []))
  return values.length > 0 ? values.join(', ') : undefined
}

/** A copy with the header set, or removed when `value` is `undefined`. Plain objects are far cheaper than `Headers`. */
export function withHeader(headers: HeadersInput | undefined, name: string, value?: string): Record<string, string> {
  const copy = toRecord(headers)
  for (const key in copy) if (same(key, name)) delete copy[key]
  if (value !== undefined) copy[name] = value
  return copy
}

/** A copy as a plain object. A list may name a header twice: only then is a `Headers` made, which combines them. */
export function toRecord(headers: HeadersInput = {}): Record<string, string> {
  if (!(Symbol.iterator in headers)) return { ...headers }
  return Object.fromEntries(Array.isArray(headers) ? new Headers(headers) : headers)
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
