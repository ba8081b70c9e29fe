import { checkOneOf, checkOptions, refuse } from '@fetchstack/options'
import { calculateThumbprint, generateKeyPair } from 'dpop'

/** What a proof is signed with (RFC 7518, RFC 9864). */
export type DPoPAlgorithm = 'ES256' | 'Ed25519' | 'PS256' | 'RS256'

/** Options of {@link dpopKey}. */
export interface DPoPKeyOptions {
  /** Default `ES256`, which every server knows. */
  readonly algorithm?: DPoPAlgorithm
  /** Whether the private key can be read out, to be kept in a file. Default `false`: nobody can steal what can't be read. */
  readonly extractable?: boolean
}

const ALGORITHMS: readonly DPoPAlgorithm[] = ['ES256', 'Ed25519', 'PS256', 'RS256']

/**
 * A new key to bind tokens to. The same key has to be given to whoever gets the token (`dpop` of `oauthToken`) and to `dpop`.
 *
 * A key lives as long as its tokens: where a refresh token is kept, keep the key with it. A `CryptoKeyPair` that can't be read out
 * can be kept in IndexedDB.
 *
 * @throws {OptionError} As a rejection: an option can't be used.
 * @example
 * ```ts
 * import { dpopKey } from '@fetchstack/auth-dpop'
 *
 * const key = await dpopKey()
 * ```
 */
export async function dpopKey(options: DPoPKeyOptions = {}): Promise<CryptoKeyPair> {
  checkOptions('dpopKey', options, ['algorithm', 'extractable'])
  const { algorithm = 'ES256', extractable = false } = options
  checkOneOf('dpopKey', 'algorithm', algorithm, ALGORITHMS)
  checkOneOf('dpopKey', 'extractable', extractable, [true, false])
  return generateKeyPair(algorithm, { extractable })
}

/**
 * The thumbprint of a key (RFC 7638), for the `dpop_jkt` parameter of an authorization request (RFC 9449 §10), and to compare with
 * the `cnf.jkt` of a token.
 *
 * @example
 * ```ts
 * import { dpopKey, dpopThumbprint } from '@fetchstack/auth-dpop'
 *
 * const thumbprint = await dpopThumbprint(await dpopKey())
 * ```
 */
export async function dpopThumbprint({ publicKey }: Pick<CryptoKeyPair, 'publicKey'>): Promise<string> {
  return calculateThumbprint(publicKey)
}

/** How a key signs: in the header of a JWT, and for WebCrypto. */
export interface Signing {
  readonly alg: DPoPAlgorithm
  readonly how: Algorithm | EcdsaParams | RsaPssParams
}

/** @throws {OptionError} It is no pair of keys that proofs can be signed with. */
export function signingOf(owner: string, key: CryptoKeyPair): Signing {
  const { privateKey, publicKey } = Object(key) as Partial<CryptoKeyPair>
  const paired =
    privateKey instanceof CryptoKey &&
    publicKey instanceof CryptoKey &&
    privateKey.type === 'private' &&
    publicKey.type === 'public' &&
    privateKey.usages.includes('sign') &&
    publicKey.extractable
  const signing = paired ? algorithmOf(privateKey.algorithm) : undefined
  const wanted = `a pair of keys for ${ALGORITHMS.join(', ')}, such as dpopKey() gives`
  return signing ?? refuse(owner, 'key', Object(key), wanted)
}

function algorithmOf(algorithm: KeyAlgorithm): Signing | undefined {
  const { name, namedCurve, hash, modulusLength } = algorithm as EcKeyAlgorithm & RsaHashedKeyAlgorithm
  if (name === 'ECDSA' && namedCurve === 'P-256') return { alg: 'ES256', how: { name, hash: 'SHA-256' } }
  if (name === 'Ed25519') return { alg: 'Ed25519', how: { name } }
  // RFC 7518 §3.3 and §3.5.
  if (hash?.name !== 'SHA-256' || modulusLength < 2048) return undefined
  if (name === 'RSA-PSS') return { alg: 'PS256', how: { name, saltLength: 32 } }
  return name === 'RSASSA-PKCS1-v1_5' ? { alg: 'RS256', how: { name } } : undefined
}
