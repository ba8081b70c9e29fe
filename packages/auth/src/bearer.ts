import type { SecretInput } from '@fetchstack/secret'
import { type AuthMiddleware, authLayer, simple } from './layer.ts'
import type { AuthOptions } from './options.ts'
import { type SecretScheme, secretScheme } from './secret-scheme.ts'

/**
 * Sends `authorization: Bearer <token>` (RFC 6750) to the origins that are named, and to no other.
 *
 * A function is asked once per attempt, by every call on its own: nothing is remembered here. An abort of the request ends the
 * wait for it at once, with the signal's reason; no other time limit is set here: put a timeout outside.
 *
 * @param token - Visible ASCII characters (no space, no line break), or a function that gives them.
 * @throws {OptionError} When it is made: an option or a token that is known can't be used.
 * @throws {AuthError} As a rejection of the call: see `AuthErrorKind`.
 * @example
 * ```ts
 * import { bearer } from '@fetchstack/auth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const token = async () => 'eyJhbGciOi'
 * const stack = HandlerStack.create().push(bearer(() => token(), { origins: ['https://api.example.com'] }))
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function bearer(token: SecretInput, options: AuthOptions): AuthMiddleware {
  const scheme = bearerScheme(token)
  return authLayer(scheme, options, (next) => simple(scheme, next))
}

/** The scheme of {@link bearer}, for `auth`. */
// @__NO_SIDE_EFFECTS__
export function bearerScheme(token: SecretInput): SecretScheme {
  return secretScheme('bearer', 'token', token, 'a string of visible ASCII characters', (token) =>
    /^[!-~]+$/.test(token) ? `Bearer ${token}` : undefined,
  )
}
