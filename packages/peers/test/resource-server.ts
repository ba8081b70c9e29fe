import { createHash, randomUUID } from 'node:crypto'
import { type Fault, type FaultyServer, faults, faultyServer, type ReceivedRequest } from '@fetchstack/testing'
import { calculateJwkThumbprint, createRemoteJWKSet, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose'
import type { OAuthProvider } from './oauth-provider.ts'

/** An API that takes the provider's tokens, and is strict about them. */
export interface ResourceServer {
  readonly url: string
  readonly server: FaultyServer
  /** What it said no to, and why. */
  readonly refused: readonly string[]
  /** The `jti` of every proof that it took. */
  readonly proofs: ReadonlySet<string>
  /** Refuses an access token from now on. */
  revoke(token: string): void
  /** What it answers when all is well, one after the other; then 200. */
  answers: Fault[]
  /** Wants a nonce in every proof, and changes it after this many requests. Default: none. */
  nonceEvery: number | undefined
  reset(): void
  close(): Promise<void>
}

class Refusal extends Error {
  readonly error: string | undefined

  constructor(error: string | undefined, message: string) {
    super(message)
    this.error = error
  }
}

export async function startResourceServer(provider: OAuthProvider): Promise<ResourceServer> {
  const keys = createRemoteJWKSet(new URL(`${provider.issuer}/jwks`))
  const revoked = new Set<string>()
  const proofs = new Set<string>()
  const refused: string[] = []
  let nonces: readonly string[] = [randomUUID()]
  let uses = 0

  const verifyToken = async (token: string): Promise<JWTPayload> => {
    if (revoked.has(token)) throw new Refusal('invalid_token', 'revoked')
    const { issuer, audience } = provider
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' }).catch((error: Error) => {
      throw new Refusal('invalid_token', error.message)
    })
    return payload
  }

  const verifyProof = async (
    { headers, method, path }: ReceivedRequest,
    token: string,
    jkt: unknown,
  ): Promise<void> => {
    const fail = (problem: string): never => {
      throw new Refusal('invalid_dpop_proof', problem)
    }
    const proof = headers['dpop'] ?? fail('there is no proof')
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      maxTokenAge: 60,
      clockTolerance: 5,
      algorithms: ['ES256', 'Ed25519'],
    }).catch((error: Error) => fail(error.message))
    const { htm, htu, ath, jti, nonce } = payload
    if (htm !== method) fail(`htm is ${String(htm)}`)
    if (htu !== `${resource.url}${path}`) fail(`htu is ${String(htu)}`)
    if (ath !== createHash('sha256').update(token).digest('base64url')) fail('ath is of another token')
    if ((await calculateJwkThumbprint(protectedHeader.jwk!)) !== jkt) fail('the token is bound to another key')
    if (jti === undefined || proofs.has(jti)) fail('jti was replayed')
    if (resource.nonceEvery !== undefined && !nonces.includes(String(nonce))) {
      throw new Refusal('use_dpop_nonce', `nonce ${nonce === undefined ? 'missing' : 'old'}`)
    }
    proofs.add(jti!)
  }

  const server = await faultyServer({
    routes: {
      '/*': async (request) => {
        const [scheme, token = ''] = request.headers['authorization']?.split(' ') ?? []
        const withNonce: Record<string, string> = {}
        const { nonceEvery } = resource
        try {
          if (scheme === undefined) throw new Refusal(undefined, 'no token')
          const { cnf } = await verifyToken(token)
          const jkt = (cnf as { jkt?: string } | undefined)?.jkt
          // RFC 9449 §7.1: a bound token is no bearer token.
          if ((jkt === undefined ? 'Bearer' : 'DPoP') !== scheme)
            throw new Refusal('invalid_token', `sent as ${scheme}`)
          if (jkt !== undefined) await verifyProof(request, token, jkt)
        } catch (thrown) {
          const { error, message } = thrown as Refusal
          refused.push(`${error}: ${message}`)
          const params = error === undefined ? 'realm="api"' : `realm="api", error="${error}"`
          return faults.status(401, {
            'www-authenticate': `Bearer ${params}, DPoP ${params}, algs="ES256 Ed25519"`,
            ...(nonceEvery !== undefined && { 'dpop-nonce': nonces[0]! }),
          })
        }
        if (nonceEvery !== undefined) {
          if (++uses % nonceEvery === 0) nonces = [randomUUID()]
          withNonce['dpop-nonce'] = nonces[0]!
        }
        const answer = resource.answers.shift() ?? faults.ok('hello')
        return 'headers' in answer ? { ...answer, headers: { ...answer.headers, ...withNonce } } : answer
      },
    },
  })

  const resource: ResourceServer = {
    url: server.url,
    server,
    refused,
    proofs,
    answers: [],
    nonceEvery: undefined,
    revoke: (token) => void revoked.add(token),
    reset() {
      server.reset()
      revoked.clear()
      proofs.clear()
      refused.length = 0
      resource.answers = []
      resource.nonceEvery = undefined
      nonces = [randomUUID()]
      uses = 0
    },
    close: () => server.close(),
  }
  return resource
}
