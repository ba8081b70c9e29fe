import { checkOptions, OptionError, refuse } from '@fetchstack/options'

/** What makes the signature: a key of WebCrypto by `signer()`, or a service that holds the key. */
export interface Signer {
  /** A name of the registry of HTTP signature algorithms (RFC 9421 §6.2.2), such as `ed25519`. */
  readonly alg: string
  /** Tells the server which key it was. Printable ASCII. */
  readonly keyid?: string
  /** Signs the bytes as they are. For ECDSA: `r` and `s` one after the other, as WebCrypto gives them, not DER. */
  sign(data: Uint8Array<ArrayBuffer>): Uint8Array | Promise<Uint8Array>
}

/** Options of `signer`. */
export interface SignerOptions {
  /** A private key, or a secret one for HMAC, with the usage `sign`. It may be not extractable. */
  readonly key: CryptoKey
  /** Tells the server which key it was. Printable ASCII, not empty. */
  readonly keyid: string
  /** Default: what the key is for. Another one is an error: a key has one algorithm. */
  readonly alg?: string
}

type Algorithm = readonly [alg: string, parameters: AlgorithmIdentifier | EcdsaParams | RsaPssParams]

/**
 * A signer from a key of WebCrypto. Ed25519 gives `ed25519`, ECDSA `ecdsa-p256-sha256` or `ecdsa-p384-sha384` by its curve,
 * RSA-PSS with SHA-512 `rsa-pss-sha512`, RSASSA-PKCS1-v1_5 with SHA-256 `rsa-v1_5-sha256`, HMAC with SHA-256 `hmac-sha256`.
 *
 * @throws {OptionError} The key can't sign, is of another kind, or is not for `alg`; the message says nothing of what is in it.
 * @see RFC 9421 §3.3
 * @example
 * ```ts
 * import { signer } from '@fetchstack/auth-signature'
 *
 * const { privateKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign'])
 * const mine = signer({ key: privateKey, keyid: 'client-2026' })
 * console.log(mine.alg) // ed25519
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function signer(options: SignerOptions): Signer {
  checkOptions('signer', options ?? {}, ['key', 'keyid', 'alg'])
  const { key, keyid, alg } = options ?? {}
  if (!key?.usages?.includes('sign') || key.type === 'public') {
    throw new OptionError('signer', 'key', 'key must be a CryptoKey, private or secret, with the usage "sign".')
  }
  checkText('signer', 'keyid', keyid)
  const [own, parameters] = algorithmOf(key) ?? []
  if (own === undefined || parameters === undefined) {
    throw new OptionError('signer', 'key', `there is no HTTP signature algorithm for a key for ${describe(key)}.`)
  }
  if (alg !== undefined && alg !== own) {
    refuse('signer', 'alg', alg, `"${own}" for a key for ${describe(key)}`)
  }
  return {
    alg: own,
    keyid,
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(parameters, key, data)),
  }
}

function algorithmOf({ algorithm }: CryptoKey): Algorithm | undefined {
  const { name } = algorithm
  switch (`${name} ${detail(algorithm)}`) {
    case 'Ed25519 ':
      return ['ed25519', { name }]
    case 'ECDSA P-256':
      return ['ecdsa-p256-sha256', { name, hash: 'SHA-256' }]
    case 'ECDSA P-384':
      return ['ecdsa-p384-sha384', { name, hash: 'SHA-384' }]
    case 'RSA-PSS SHA-512':
      return ['rsa-pss-sha512', { name, saltLength: 64 }]
    case 'RSASSA-PKCS1-v1_5 SHA-256':
      return ['rsa-v1_5-sha256', { name }]
    case 'HMAC SHA-256':
      return ['hmac-sha256', { name }]
    default:
      return undefined
  }
}

function describe({ algorithm }: CryptoKey): string {
  return `${algorithm.name} ${detail(algorithm)}`.trim()
}

/** The curve or the hash. */
function detail(algorithm: KeyAlgorithm): string {
  const { namedCurve, hash } = algorithm as { readonly namedCurve?: string; readonly hash?: KeyAlgorithm }
  return namedCurve ?? hash?.name ?? ''
}

/** A string of structured fields (RFC 9651 §3.3.3). */
export function checkText(owner: string, option: string, value: unknown): void {
  if (typeof value !== 'string' || !/^[ -~]+$/.test(value)) {
    throw new OptionError(owner, option, `${option} must be printable ASCII, not empty.`)
  }
}
