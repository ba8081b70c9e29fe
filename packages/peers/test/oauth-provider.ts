import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, type JWK } from 'jose'
import { Provider } from 'oidc-provider'

/** What came to the token endpoint, and what became of it. */
export interface TokenRequest {
  readonly form: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly status: number
}

/** A real OpenID provider on loopback, with clients that prove who they are in different ways. */
export interface OAuthProvider {
  readonly issuer: string
  /** The audience of its access tokens, which are JWTs. */
  readonly audience: string
  /** Signs the assertions of the client `key`. */
  readonly clientKey: CryptoKey
  /** All that came to the token endpoint. */
  readonly tokenRequests: readonly TokenRequest[]
  /** What the provider said of each grant that it refused. */
  readonly refusals: readonly string[]
  /** Whether every DPoP proof needs a nonce. */
  requireNonce: boolean
  /** A refresh token for the client `rotating`, as after a login. */
  login(): Promise<string>
  reset(): void
  close(): Promise<void>
}

export const SECRET = 'client-hush-+:%/~'

const SCOPES = 'read write'

export async function startProvider(): Promise<OAuthProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const audience = 'https://api.example.com'

  const sign = { name: 'ECDSA', namedCurve: 'P-256' }
  const own = await crypto.subtle.generateKey(sign, true, ['sign', 'verify'])
  const clientPair = await crypto.subtle.generateKey(sign, true, ['sign', 'verify'])
  const withId = async (key: CryptoKey): Promise<JWK> => ({
    ...(await exportJWK(key)),
    alg: 'ES256',
    use: 'sig',
    kid: 'k1',
  })

  let requireNonce = false
  const tokenRequests: TokenRequest[] = []
  const refusals: string[] = []
  const client = (id: string, method: string, more: object = {}): object => ({
    client_id: id,
    client_secret: SECRET,
    token_endpoint_auth_method: method,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    ...more,
  })
  const provider = new Provider(issuer, {
    clients: [
      client('basic', 'client_secret_basic'),
      client('post', 'client_secret_post'),
      client('key', 'private_key_jwt', {
        client_secret: undefined,
        jwks: { keys: [await withId(clientPair.publicKey)] },
      }),
      client('rotating', 'client_secret_basic', {
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: ['https://client.example.com/callback'],
      }),
    ],
    jwks: { keys: [await withId(own.privateKey)] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: ['openid', 'offline_access', ...SCOPES.split(' ')],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    rotateRefreshToken: true,
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ttl: { AccessToken: 600, ClientCredentials: 600, RefreshToken: 3600, Grant: 3600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => requireNonce },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  const noteRefusal = (_context: unknown, error: unknown): void => {
    const { error_description, error_detail, message } = error as Record<string, string>
    refusals.push([message, error_description, error_detail].filter(Boolean).join(': '))
  }
  for (const event of ['grant.error', 'server_error']) provider.on(event, noteRefusal)
  const answer = provider.callback()
  server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    if (request.url === '/token') {
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('finish', () => {
        const form = new URLSearchParams(Buffer.concat(chunks).toString())
        tokenRequests.push({ form, headers: request.headers, status: response.statusCode })
      })
    }
    answer(request, response)
  })

  return {
    issuer,
    audience,
    clientKey: clientPair.privateKey,
    tokenRequests,
    refusals,
    get requireNonce() {
      return requireNonce
    },
    set requireNonce(value) {
      requireNonce = value
    },
    async login() {
      const grant = new provider.Grant({ accountId: 'somebody', clientId: 'rotating' })
      grant.addOIDCScope('openid offline_access')
      grant.addResourceScope(audience, SCOPES)
      const scope = `openid offline_access ${SCOPES}`
      return new provider.RefreshToken({
        accountId: 'somebody',
        client: await provider.Client.find('rotating'),
        grantId: await grant.save(),
        gty: 'authorization_code',
        resource: audience,
        scope,
      }).save()
    },
    reset() {
      tokenRequests.length = 0
      refusals.length = 0
      requireNonce = false
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
