import { OptionError, refuse } from '@fetchstack/options'
import { isText, isToken } from './scan.ts'
import type { Challenge } from './types.ts'

/**
 * Writes challenges as the value of a `WWW-Authenticate` field.
 *
 * Values are quoted, as RFC 9110 §11.5 wants it of `realm` and RFC 7616 §3.3 of most that Digest has, and as everybody can read it;
 * but for `stale` and `algorithm`, which RFC 7616 §3.3 wants without quotes.
 *
 * @throws {OptionError} A scheme or a name that is no token, a name that is there twice, a token68 that is none or that has
 *   parameters beside it, a value with control characters (line breaks too) or with characters above U+00FF, which no header can
 *   hold. No message shows a value.
 * @example
 * ```ts
 * import { formatChallenges } from '@fetchstack/www-authenticate'
 *
 * formatChallenges([
 *   { scheme: 'Bearer', params: { realm: 'api', error: 'invalid_token' } },
 *   { scheme: 'Negotiate', params: {} },
 * ]) // 'Bearer realm="api", error="invalid_token", Negotiate'
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function formatChallenges(challenges: readonly Challenge[]): string {
  const owner = 'formatChallenges'
  return challenges
    .map(({ scheme, params, token68 }) => {
      if (!isTokenText(scheme)) refuse(owner, 'scheme', scheme, 'a token (letters, digits, no spaces)')
      const written = formatParams(owner, params, ['stale', 'algorithm'])
      if (token68 === undefined) return written === '' ? scheme : `${scheme} ${written}`
      if (written !== '')
        throw new OptionError(owner, 'token68', 'token68 and params exclude each other: leave out one.')
      if (/^[\w.~+/-]+=*$/.test(token68)) return `${scheme} ${token68}`
      throw new OptionError(owner, 'token68', 'token68 must be letters, digits and -._~+/ with "=" at the end only.')
    })
    .join(', ')
}

/**
 * Writes the value of an `Authentication-Info` field. Values are quoted, but for `qop` and `nc`, which RFC 7616 §3.5 wants without.
 *
 * @throws {OptionError} A name that is no token or is there twice, or a value that no header can hold; no message shows one.
 * @example
 * ```ts
 * import { formatAuthenticationInfo } from '@fetchstack/www-authenticate'
 *
 * formatAuthenticationInfo({ nextnonce: '7ypf/xlj9XXw', qop: 'auth' }) // 'nextnonce="7ypf/xlj9XXw", qop=auth'
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function formatAuthenticationInfo(params: Readonly<Record<string, string>>): string {
  return formatParams('formatAuthenticationInfo', params, ['qop', 'nc'])
}

function formatParams(owner: string, params: Readonly<Record<string, string>>, bare: readonly string[]): string {
  const names = new Set<string>()
  return Object.entries(params)
    .map(([name, value]) => {
      const lower = name.toLowerCase()
      if (!isTokenText(name)) refuse(owner, 'params', name, 'named by tokens (letters, digits, no spaces)')
      if (names.has(lower)) throw new OptionError(owner, 'params', `params has ${lower} twice.`)
      names.add(lower)
      if (bare.includes(lower) && isTokenText(value)) return `${name}=${value}`
      if (typeof value === 'string' && every(value, (code) => isText(code) && code <= 0xff)) {
        return `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`
      }
      throw new OptionError(
        owner,
        'params',
        `params.${name} must be a string without control characters or any above U+00FF.`,
      )
    })
    .join(', ')
}

function isTokenText(text: unknown): boolean {
  return typeof text === 'string' && text !== '' && every(text, isToken)
}

function every(text: string, accepts: (code: number) => boolean): boolean {
  for (let at = 0; at < text.length; at++) if (!accepts(text.charCodeAt(at))) return false
  return true
}
