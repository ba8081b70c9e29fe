import { OptionError } from '@fetchstack/options'
import type { SecretInput } from '@fetchstack/secret'
import { type AuthMiddleware, authLayer, simple } from './layer.ts'
import type { AuthOptions } from './options.ts'
import { type SecretScheme, secretScheme } from './secret-scheme.ts'

/**
 * Sends `authorization: Basic <user:password>` (RFC 7617) to the origins that are named, and to no other. In UTF-8 and Unicode's
 * composed form, as its §2.1 has it; `btoa` alone would send Latin-1, or throw.
 *
 * It does not wait for a challenge. For a function as password, the rules of {@link bearer} hold.
 *
 * @param user - Without a colon and control characters; may be empty.
 * @param password - Without control characters; may be empty. Or a function that gives it.
 * @throws {OptionError} When it is made: an option, the user or a password that is known can't be used.
 * @throws {AuthError} As a rejection of the call: see `AuthErrorKind`.
 * @example
 * ```ts
 * import { basic } from '@fetchstack/auth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const stack = HandlerStack.create().push(basic('Aladdin', 'open sesame', { origins: 'https://api.example.com' }))
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function basic(user: string, password: SecretInput, options: AuthOptions): AuthMiddleware {
  const scheme = basicScheme(user, password)
  return authLayer(scheme, options, (next) => simple(scheme, next))
}

/** The scheme of {@link basic}, for `auth`. */
// @__NO_SIDE_EFFECTS__
export function basicScheme(user: string, password: SecretInput): SecretScheme {
  if (typeof user !== 'string' || !/^[^:\p{Cc}]*$/u.test(user)) {
    throw new OptionError('basic', 'user', 'user must be a string without ":" and control characters (RFC 7617 §2).')
  }
  return secretScheme('basic', 'password', password, 'a string without control characters (RFC 7617 §2)', (password) =>
    /\p{Cc}/u.test(password) ? undefined : `Basic ${base64(`${user}:${password}`)}`,
  )
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text.normalize())))
}
