import { checkOptions, OptionError } from '@fetchstack/options'
import type { SecretInput } from '@fetchstack/secret'
import { type AuthMiddleware, authLayer, simple } from './layer.ts'
import type { ApiKeyOptions } from './options.ts'
import { hasParameter, withParameter } from './query.ts'
import { redirectGuard } from './redirect.ts'
import { type SecretScheme, secretScheme } from './secret-scheme.ts'

/** The key in a header. */
export interface HeaderPlace {
  /** Default `'x-api-key'`. */
  readonly header?: string
  /** What stands before the key, its space included: `'Token '`. Default: nothing. */
  readonly prefix?: string
  readonly query?: never
}

/** The key in the query of the URL. Prefer a header where the API takes one: URLs end up in logs and histories. */
export interface QueryPlace {
  /** The parameter's name. */
  readonly query: string
  readonly header?: never
  readonly prefix?: never
}

/** Where an API key is written. */
export type ApiKeyPlace = HeaderPlace | QueryPlace

/**
 * Sends an API key to the origins that are named, and to no other: in a header, or in the query.
 *
 * `fetch` takes such a header along to wherever a server redirects, so by default a redirect is an error here: see
 * {@link RedirectOptions.redirect}. For a function as key, the rules of {@link bearer} hold.
 *
 * @param key - In a header: ASCII without control characters. In the query: any text. Or a function that gives it.
 * @param place - `{}` for the header `x-api-key`.
 * @throws {OptionError} When it is made: the place, an option or a key that is known can't be used.
 * @throws {AuthError} As a rejection of the call: see `AuthErrorKind`.
 * @example
 * ```ts
 * import { apiKey } from '@fetchstack/auth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const stack = HandlerStack.create().push(apiKey('k-123', { header: 'x-api-key' }, { origins: 'https://api.example.com' }))
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function apiKey(key: SecretInput, place: ApiKeyPlace, options: ApiKeyOptions): AuthMiddleware {
  const scheme = apiKeyScheme(key, place)
  const guard = redirectGuard(scheme, options)
  return authLayer(scheme, options, (next) => simple(scheme, guard(next)), ['redirect'], hasParameter(scheme))
}

/** The scheme of {@link apiKey}, for `auth`. */
// @__NO_SIDE_EFFECTS__
export function apiKeyScheme(key: SecretInput, place: ApiKeyPlace): SecretScheme {
  const owner = 'apiKey'
  checkOptions(owner, place, ['header', 'prefix', 'query'])
  const { header, prefix, query } = place ?? {}
  if (query === undefined) return headerScheme(owner, key, header ?? 'x-api-key', prefix ?? '')
  if (header !== undefined || prefix !== undefined) {
    throw new OptionError(owner, 'query', 'query excludes header and prefix: give one place for the key.')
  }
  if (typeof query !== 'string' || query === '') {
    throw new OptionError(owner, 'query', 'query must be the name of a parameter.')
  }
  return secretScheme(
    owner,
    'key',
    key,
    'a string of at least one character',
    (key) => key || undefined,
    { query: [query] },
    (request, value) => withParameter(request, query, value),
  )
}

function headerScheme(owner: string, key: SecretInput, header: string, prefix: string): SecretScheme {
  // RFC 9110 §5.6.2: token.
  if (typeof header !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/.test(header)) {
    throw new OptionError(owner, 'header', 'header must be the name of a header.')
  }
  if (typeof prefix !== 'string' || !/^[ -~]*$/.test(prefix)) {
    throw new OptionError(owner, 'prefix', 'prefix must be ASCII without control characters.')
  }
  return secretScheme(
    owner,
    'key',
    key,
    'a string of ASCII without control characters',
    (key) => (/^[ -~]+$/.test(key) ? prefix + key : undefined),
    { headers: [header] },
    (request, value) => request.withHeader(header, value),
  )
}
