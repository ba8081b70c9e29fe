export type { AuthorizationServer } from 'oauth4webapi'
export { type AssertionKey, type ClientAuth, type ClientAuths, clientAuth } from './client-auth.ts'
export { isOAuthError, OAuthError, type OAuthErrorDetails, type OAuthErrorKind } from './errors.ts'
export type {
  ClientCredentialsGrant,
  JwtBearerGrant,
  OAuthGrant,
  RefreshTokenGrant,
  TokenExchangeGrant,
} from './grants.ts'
export { oauth } from './oauth.ts'
export { oauthToken } from './oauth-token.ts'
export type { OAuthTokenOptions } from './options.ts'
