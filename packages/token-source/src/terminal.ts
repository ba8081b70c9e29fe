/** What RFC 6749 §5.2 calls an error that trying again does not cure. Of a scope it may: the next is asked with another. */
const FOR_GOOD: readonly unknown[] = [
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
]

/**
 * Whether a refresh was refused for good: the `error` or the `code` of what was thrown, or of its causes, is `invalid_grant`,
 * `invalid_client`, `unauthorized_client` or `unsupported_grant_type` (RFC 6749 §5.2).
 *
 * @example
 * ```ts
 * import { isTerminal } from '@fetchstack/token-source'
 *
 * isTerminal(Object.assign(new Error('refused'), { error: 'invalid_grant' })) // true
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function isTerminal(error: unknown): boolean {
  let at = error
  // Not further: a cause may be its own cause.
  for (let depth = 0; depth < 4 && at !== null && typeof at === 'object'; depth++) {
    const { error: name, code, cause } = at as Record<'error' | 'code' | 'cause', unknown>
    if (FOR_GOOD.includes(name) || FOR_GOOD.includes(code)) return true
    at = cause
  }
  return false
}
