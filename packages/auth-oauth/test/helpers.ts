import { type FaultyServer, faults, faultyServer, type ReceivedRequest, type Steps } from '@fetchstack/testing'
import type { RefreshRequest } from '@fetchstack/token-source'
import { clientAuth, type OAuthError, type OAuthTokenOptions, oauthToken } from '../src/index.ts'

/** What a token endpoint answers when all is well. */
export const GRANTED = { access_token: 'access-hush', token_type: 'Bearer', expires_in: 3600 }

/** A refresh that is asked for outside of a token source. */
export const first = (changes: Partial<RefreshRequest> = {}): RefreshRequest => ({
  reason: 'missing',
  current: undefined,
  signal: new AbortController().signal,
  ...changes,
})

/** An authorization server that answers its token endpoint as it is told. */
export async function authorizationServer(token: Steps = faults.ok(GRANTED)) {
  const server = await faultyServer({ routes: { 'POST /token': token } })
  const options = (changes: Partial<OAuthTokenOptions> = {}): OAuthTokenOptions => ({
    server: { issuer: server.url, token_endpoint: `${server.url}/token` },
    client: { id: 'my app', auth: clientAuth.basic('client-hush:+') },
    grant: { type: 'client_credentials' },
    ...changes,
  })
  return {
    server,
    options,
    refresh: (changes?: Partial<OAuthTokenOptions>, request?: Partial<RefreshRequest>) =>
      oauthToken(options(changes))(first(request)),
    /** What a refresh fails with. */
    failure: async (changes?: Partial<OAuthTokenOptions>, request?: Partial<RefreshRequest>) =>
      oauthToken(options(changes))(first(request)).then(
        () => {
          throw new Error('It did not fail.')
        },
        (error: unknown) => error as OAuthError,
      ),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

/** The form that was sent. */
export function formOf({ text }: ReceivedRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

/** The last request. */
export function last({ requests }: FaultyServer): ReceivedRequest {
  return requests.at(-1)!
}

/** The header and the claims of a JWT, unverified. */
export function decode(jwt: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header, claims] = jwt
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>)
  return { header: header!, claims: claims! }
}
