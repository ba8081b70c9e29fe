import type { HeadersInput } from './contract.ts'

/** The value of a header, several joined by `, ` as `Headers.get` does; `undefined` when there is none. */
export function getHeader(headers: HeadersInput | undefined, name: string): string | undefined {
  if (headers === undefined) return undefined
  if (isHeaders(headers)) return headers.get(name) ?? undefined
  const wanted = name.toLowerCase()
  let found: string | undefined
  for (const [key, value] of pairs(headers)) {
    if (key.toLowerCase() === wanted) found = found === undefined ? String(value) : `${found}, ${value}`
  }
  return found
}

/** A copy with the header set, or removed when `value` is `undefined`. Plain objects are far cheaper than `Headers`. */
export function withHeader(
  headers: HeadersInput | undefined,
  name: string,
  value: string | undefined,
): Record<string, string> {
  const copy: Record<string, string> = {}
  const lower = name.toLowerCase()
  if (headers !== undefined) {
    for (const [key, old] of pairs(headers)) {
      if (key.length === name.length && key.toLowerCase() === lower) continue
      // A list of pairs may name a header twice; `fetch` would combine them, so this does.
      const present = Array.isArray(headers) ? Object.keys(copy).find((k) => k.toLowerCase() === key.toLowerCase()) : undefined
      copy[present ?? key] = present === undefined ? old : `${copy[present]}, ${old}`
    }
  }
  if (value !== undefined) copy[name] = value
  return copy
}

/** All headers as pairs, names in lower case. */
export function headerEntries(headers: HeadersInput | undefined): [name: string, value: string][] {
  if (headers === undefined) return []
  return Array.from(pairs(headers), ([name, value]) => [name.toLowerCase(), String(value)])
}

function pairs(headers: HeadersInput): Iterable<readonly [string, string]> {
  const iterable = Symbol.iterator in headers
  return (iterable ? headers : Object.entries(headers)) as Iterable<readonly [string, string]>
}

// By its shape, not by `instanceof`: polyfills and other realms have a `Headers` of their own.
function isHeaders(headers: HeadersInput): headers is Headers {
  return typeof (headers as Headers).get === 'function'
}
