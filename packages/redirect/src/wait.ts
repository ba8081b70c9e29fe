/** How many milliseconds a redirect asks to wait before it is followed (RFC 9110 §10.2.3). 0 where it says nothing that can be read. */
export function waitOf(response: Response, now: number): number {
  const value = response.headers.get('retry-after')?.trim()
  if (!value) return 0
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  // All forms of a date in HTTP are in GMT, but one that no server sends. What else `Date.parse` takes is no date there.
  return /^[A-Z][a-z]{2,8}, .* GMT$/.test(value) ? Math.max(0, Date.parse(value) - now) || 0 : 0
}
