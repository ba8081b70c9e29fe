import { type AuthMiddleware, auth, type SchemeOptions } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import type { FaultyServer } from '@fetchstack/testing'
import { makeToken, type Refresh, type ResettableTokenSource, tokenSource } from '@fetchstack/token-source'
import { dpop, dpopKey } from '../src/index.ts'

/** A proof as it was sent, unverified. */
export interface Proof {
  readonly header: Record<string, unknown> & { readonly jwk: Record<string, unknown> }
  readonly claims: Record<string, unknown> & { readonly iat: number; readonly jti: string }
}

export function decode(jwt: string): Proof {
  const [header, claims] = jwt
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown)
  return { header, claims } as Proof
}

/** The proofs of all requests that came. */
export function proofsOf({ requests }: FaultyServer): Proof['claims'][] {
  return requests.map(({ headers }) => decode(headers['dpop']!).claims)
}

/** A source of bound tokens: `t1`, `t2`... */
export function boundTokens(refresh?: Refresh): ResettableTokenSource {
  let count = 0
  return tokenSource(refresh ?? (async ({ scope }) => makeToken({ value: `t${++count}`, type: 'DPoP', scope })))
}

export const key: CryptoKeyPair = await dpopKey()

/** A stack with nothing but this scheme. */
export function apiFor({ url }: FaultyServer, source = boundTokens(), options: Partial<SchemeOptions> = {}) {
  return HandlerStack.create()
    .push(layerFor(url, source, options))
    .toFetch()
}

export function layerFor(
  origins: string,
  source = boundTokens(),
  options: Partial<SchemeOptions> = {},
): AuthMiddleware {
  return auth(dpop(key, source), { origins, ...options })
}
