/** What stands between two values of a header that came twice, where the second starts like a URL or a path. */
const SEVERAL = /, (?=[a-z][a-z\d+.-]*:|\/)/i

/**
 * Where a redirect leads: its `Location` against the URL that was asked for, whose fragment goes along (RFC 9110 §10.2.2).
 *
 * @returns `undefined` when it is no URL, or when there are several that differ.
 */
export function locationOf(response: Response, from: URL): URL | undefined {
  const values = new Set(response.headers.get('location')?.split(SEVERAL))
  const [value] = values
  if (value === undefined || values.size > 1) return undefined
  let target: URL
  try {
    target = new URL(decoded(value), from)
  } catch {
    return undefined
  }
  // An empty fragment is one, too.
  if (!target.href.includes('#')) target.hash = from.hash
  return target
}

/** Servers send raw UTF-8, and browsers follow it; `Headers` has a character for each byte. What is no UTF-8 stays Latin-1. */
function decoded(value: string): string {
  if (!/^[\0-\xff]*[\x80-\xff][\0-\xff]*$/.test(value)) return value
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(value, (char) => char.charCodeAt(0)))
  } catch {
    return value
  }
}
