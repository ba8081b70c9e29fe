import { fieldOf, scanner } from './scan.ts'
import type { Challenge, FieldSource } from './types.ts'

/**
 * The challenges of a `WWW-Authenticate` field, in the order they came; `[]` when there is none. Several fields, which `Headers`
 * joins with commas, are read as one (RFC 9110 §5.3).
 *
 * It never throws. What can't be parsed is left out:
 * - a parameter without a value that can be read, and a second one of the same name: the others of its challenge stay;
 * - what is neither a scheme nor a parameter, with the parameters up to the next scheme, for nobody knows whose they are;
 * - parameters before the first scheme, and after a token68;
 * - everything from a quote that is never closed, and what does not end within the first 16 KiB (`fieldLimit`).
 *
 * Values are as `Headers` gives them: a character for each byte, so UTF-8 is not decoded. The time it takes grows with the length
 * and no faster. Source: RFC 9110 §11.2-§11.6.1.
 *
 * @param source - The value of the field, or the headers or the response that have it.
 * @param field - Which one. Default `www-authenticate`.
 * @example
 * ```ts
 * import { parseChallenges } from '@fetchstack/www-authenticate'
 *
 * parseChallenges('Negotiate, Bearer realm="api", error="invalid_token"')
 * // [{ scheme: 'negotiate', params: {} }, { scheme: 'bearer', params: { realm: 'api', error: 'invalid_token' } }]
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function parseChallenges(
  source: FieldSource,
  field: 'www-authenticate' | 'proxy-authenticate' = 'www-authenticate',
): Challenge[] {
  const scan = scanner(fieldOf(source, field))
  const challenges: Challenge[] = []
  // Whose the next parameters are.
  let params: Record<string, string> | undefined
  const addParam = (name: string): void => {
    const value = scan.value()
    if (value !== undefined && params !== undefined) params[name] ??= value
  }
  for (; scan.next(); scan.skip()) {
    const name = scan.token()
    const spaced = scan.space()
    if (name !== '' && scan.equals()) {
      addParam(name)
      continue
    }
    params = undefined
    if (name === '' || !(spaced || scan.ended())) continue
    const token68 = scan.ended() ? undefined : scan.token68()
    const own = Object.create(null) as Record<string, string>
    challenges.push({ scheme: name, params: own, ...(token68 !== undefined && { token68 }) })
    if (token68 !== undefined) continue
    params = own
    const first = scan.token()
    scan.space()
    if (first !== '') addParam(first)
  }
  return challenges
}
