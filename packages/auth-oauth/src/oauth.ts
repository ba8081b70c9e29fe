import { type ResettableTokenSource, type TokenSourceOptions, tokenSource } from '@fetchstack/token-source'
import { oauthToken } from './oauth-token.ts'
import type { OAuthTokenOptions } from './options.ts'

/**
 * A token source over OAuth 2: `tokenSource(oauthToken(options), source)`.
 *
 * @param options - As of `oauthToken`. Its clock is also that of the source, unless that has its own.
 * @param source - As of `tokenSource`: where the token is kept, when it is refreshed...
 * @throws {OptionError} When it is made: an option is missing or can't be used.
 * @example
 * ```ts
 * import { bearerFrom } from '@fetchstack/auth'
 * import { clientAuth, oauth } from '@fetchstack/auth-oauth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const source = oauth({
 *   server: 'https://login.example.com',
 *   client: { id: 'my-app', auth: clientAuth.basic('s3cret') },
 *   grant: { type: 'client_credentials' },
 * })
 * const api = HandlerStack.create()
 *   .push(bearerFrom(source, { origins: 'https://api.example.com' }))
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function oauth(options: OAuthTokenOptions, source: TokenSourceOptions = {}): ResettableTokenSource {
  const { clock } = source
  const dated = clock === undefined || options?.clock !== undefined ? options : { ...options, clock }
  return tokenSource(oauthToken(dated), source)
}
