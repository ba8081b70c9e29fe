import type { SecretInput } from '@fetchstack/secret'
import type { RefreshRequest } from '@fetchstack/token-source'
import type { Confidential } from './confidential.ts'
import { OAuthError } from './errors.ts'

/** The client asks for itself (RFC 6749 §4.4). */
export interface ClientCredentialsGrant {
  readonly type: 'client_credentials'
}

/** With a refresh token (RFC 6749 §6): that of the current token, which the token source and its store keep up to date. */
export interface RefreshTokenGrant {
  readonly type: 'refresh_token'
  /** For the first time, when there is no current token yet. Default: the store has one. */
  readonly refreshToken?: SecretInput
}

/** A token for another token (RFC 8693). */
export interface TokenExchangeGrant {
  readonly type: 'token_exchange'
  /** The token to exchange. A function is asked each time: `async () => (await other.get()).value` for one of another source. */
  readonly subjectToken: SecretInput
  /** What kind of token it is. Default `urn:ietf:params:oauth:token-type:access_token`. */
  readonly subjectTokenType?: string
  /** Who acts on behalf of the subject. Default: not said. */
  readonly actorToken?: SecretInput
  /** Default, with an `actorToken`, as that of the subject. */
  readonly actorTokenType?: string
  /** What kind is wanted. Default: the server decides. */
  readonly requestedTokenType?: string
}

/** A token for a JWT that somebody signed (RFC 7523 §2.1). */
export interface JwtBearerGrant {
  readonly type: 'jwt_bearer'
  /** A function is asked each time, and should sign a new one. */
  readonly assertion: SecretInput
}

/** What is shown to the server in return for a token. */
export type OAuthGrant = ClientCredentialsGrant | RefreshTokenGrant | TokenExchangeGrant | JwtBearerGrant

const URN = 'urn:ietf:params:oauth:'

/** The `grant_type` of each. */
export const GRANT_TYPES: Readonly<Record<OAuthGrant['type'], string>> = {
  client_credentials: 'client_credentials',
  refresh_token: 'refresh_token',
  token_exchange: `${URN}grant-type:token-exchange`,
  jwt_bearer: `${URN}grant-type:jwt-bearer`,
}

/** The parameters of a grant. @throws {OAuthError} `CREDENTIAL`, `NO_REFRESH_TOKEN` */
export async function grantParameters(
  grant: OAuthGrant,
  { current }: RefreshRequest,
  { reveal }: Confidential,
): Promise<Record<string, string>> {
  switch (grant.type) {
    case 'client_credentials':
      return {}
    case 'refresh_token': {
      const refreshToken = current?.refreshToken ?? grant.refreshToken
      if (refreshToken !== undefined) return { refresh_token: await reveal(refreshToken, 'refresh token') }
      throw new OAuthError('NO_REFRESH_TOKEN', 'there is no refresh token: neither in the store nor in the grant.')
    }
    case 'jwt_bearer':
      return { assertion: await reveal(grant.assertion, 'assertion') }
    case 'token_exchange': {
      const { subjectTokenType = `${URN}token-type:access_token`, actorToken, requestedTokenType } = grant
      return {
        subject_token: await reveal(grant.subjectToken, 'subject token'),
        subject_token_type: subjectTokenType,
        ...(actorToken !== undefined && {
          actor_token: await reveal(actorToken, 'actor token'),
          actor_token_type: grant.actorTokenType ?? subjectTokenType,
        }),
        ...(requestedTokenType !== undefined && { requested_token_type: requestedTokenType }),
      }
    }
  }
}
