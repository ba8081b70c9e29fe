import type { HeadersInput } from './contract.ts'

/** The value of a header, several joined by `, ` as `Headers.get` does; `undefined` when there is none. */
export function getHeader(headers: HeadersInput | undefined, name: string): string | undefined {
  const record = headers && Symbol.iterator in headers ? toRecord(headers) : headers
  let found: string | undefined
  for (const key in record) if (same(key, name)) found = found === undefined ? record[key] : `${found}, ${record[key]}`
  return found
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
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase())
}
