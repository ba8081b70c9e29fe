import { fieldOf, scanner } from './scan.ts'
import type { FieldSource } from './types.ts'

/**
 * The parameters of an `Authentication-Info` field: `nextnonce`, `rspauth`... Names are in lower case, and there is no prototype.
 *
 * It never throws. What is no parameter is left out, and so are a second one of the same name and what does not end within the
 * first 16 KiB (`fieldLimit`). Source: RFC 9110 §11.6.3; RFC 7615; RFC 7616 §3.5 says what Digest puts there.
 *
 * @param source - The value of the field, or the headers or the response that have it.
 * @param field - Which one. Default `authentication-info`.
 * @example
 * ```ts
 * import { parseAuthenticationInfo } from '@fetchstack/www-authenticate'
 *
 * parseAuthenticationInfo('nextnonce="7ypf/xlj9XXw", qop=auth').nextnonce // '7ypf/xlj9XXw'
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function parseAuthenticationInfo(
  source: FieldSource,
  field: 'authentication-info' | 'proxy-authentication-info' = 'authentication-info',
): Record<string, string> {
  const scan = scanner(fieldOf(source, field))
  const params = Object.create(null) as Record<string, string>
  for (; scan.next(); scan.skip()) {
    const name = scan.token()
    scan.space()
    const value = name === '' ? undefined : scan.value()
    if (value !== undefined) params[name] ??= value
  }
  return params
}
