import { signingOf } from './key.ts'

/** What a proof is for. */
export interface ProofClaims {
  readonly method: string
  /** Query and fragment are left out. */
  readonly url: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The access token that goes along. */
  readonly token: string
  readonly nonce: string | undefined
}

/** Signs a proof. No two are the same. */
export type Prove = (claims: ProofClaims) => Promise<string>

/**
 * Makes proofs (RFC 9449 §4.2). By hand, since `generateProof` of `dpop` dates them by the machine's own clock, and lets nobody say
 * otherwise: a client whose clock is wrong could never be corrected.
 *
 * @throws {OptionError} The key can't sign proofs.
 */
export function prover(owner: string, key: CryptoKeyPair): Prove {
  const { alg, how } = signingOf(owner, key)
  let header: Promise<string> | undefined
  const makeHeader = async (): Promise<string> => {
    const { kty, crv, x, y, e, n } = await crypto.subtle.exportKey('jwk', key.publicKey)
    return encode(JSON.stringify({ typ: 'dpop+jwt', alg, jwk: { kty, crv, x, y, e, n } }))
  }
  return async ({ method, url, now, token, nonce }) => {
    const { origin, pathname } = new URL(url)
    const claims = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: origin + pathname,
      iat: Math.floor(now / 1000),
      ath: encode(await crypto.subtle.digest('SHA-256', utf8(token))),
      nonce,
    }
    const input = `${await (header ??= makeHeader())}.${encode(JSON.stringify(claims))}`
    return `${input}.${encode(await crypto.subtle.sign(how, key.privateKey, utf8(input)))}`
  }
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** Base64url. A proof is short enough to be spread. */
function encode(data: string | ArrayBuffer): string {
  const bytes = typeof data === 'string' ? utf8(data) : new Uint8Array(data)
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
