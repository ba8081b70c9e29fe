import { bearerFrom } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { type Refresh, type TokenSource, tokenSource } from '@fetchstack/token-source'
import { expectTypeOf, it } from 'vitest'
import { type ClientAuth, clientAuth, isOAuthError, type OAuthError, oauth, oauthToken } from '../src/index.ts'

const client = { id: 'me', auth: clientAuth.none() }
const server = 'https://login.example.com'

it('a refresh is one, and a source is one', () => {
  const refresh = oauthToken({ server, client, grant: { type: 'client_credentials' } })
  expectTypeOf(refresh).toEqualTypeOf<Refresh>()
  expectTypeOf(oauth({ server, client, grant: { type: 'client_credentials' } })).toExtend<TokenSource>()
  bearerFrom(tokenSource(refresh), { origins: 'https://api.example.com' })
})

it('each grant has what it needs, and nothing else', () => {
  // @ts-expect-error no assertion
  oauthToken({ server, client, grant: { type: 'jwt_bearer' } })
  // @ts-expect-error no subject
  oauthToken({ server, client, grant: { type: 'token_exchange' } })
  // @ts-expect-error of another grant
  oauthToken({ server, client, grant: { type: 'client_credentials', refreshToken: 'r' } })
  // @ts-expect-error no such grant
  oauthToken({ server, client, grant: { type: 'password' } })
})

it('metadata need an issuer, and a stack is a fetch', () => {
  // @ts-expect-error no issuer
  oauthToken({ server: { token_endpoint: server }, client, grant: { type: 'client_credentials' } })
  oauthToken({ server, client, grant: { type: 'client_credentials' }, fetch: HandlerStack.create().toFetch() })
  oauthToken({ server, client, grant: { type: 'client_credentials' }, fetch })
})

it('an error is told by its name', () => {
  const error: unknown = undefined
  if (isOAuthError(error)) expectTypeOf(error).toEqualTypeOf<OAuthError>()
  expectTypeOf(clientAuth.basic).returns.toEqualTypeOf<ClientAuth>()
})
