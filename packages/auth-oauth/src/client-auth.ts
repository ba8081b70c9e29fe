import { OptionError, refuse } from '@fetchstack/options'
import type { SecretInput } from '@fetchstack/secret'
import {
  ClientSecretBasic,
  ClientSecretPost,
  type ClientAuth as LibraryAuth,
  modifyAssertion,
  None,
  PrivateKeyJwt,
} from 'oauth4webapi'
import { type Confidential, TEXT, textOf } from './confidential.ts'

/** How a client proves who it is (RFC 6749 §2.3). Made by {@link clientAuth}. */
export interface ClientAuth {
  /** The method as in the metadata of servers and clients: `client_secret_basic`... */
  readonly method: string
  /** Whether the server's endpoints for client certificates are used where it names some (RFC 8705 §5). */
  readonly mtls?: boolean
  /** @internal For one request. */
  readonly use: (confidential: Confidential) => LibraryAuth | Promise<LibraryAuth>
}

/** A private key to sign with, and what the server needs to know of it. */
export interface AssertionKey {
  /** Private, with the usage `sign`. */
  readonly key: CryptoKey
  /** Which of the client's keys it is, in the header of the assertion. Default: not said. */
  readonly kid?: string
  /** The audience of the assertion. Default: the issuer; some servers want the URL of their token endpoint. */
  readonly audience?: string
}

/** What {@link clientAuth} is. */
export interface ClientAuths {
  /** The secret in the `Authorization` header: `client_secret_basic`. The one that every server has to know. */
  readonly basic: (secret: SecretInput) => ClientAuth
  /** The secret in the body: `client_secret_post`. For servers that take it nowhere else. */
  readonly post: (secret: SecretInput) => ClientAuth
  /** A JWT that is signed anew for each request: `private_key_jwt` (RFC 7523 §2.2). No secret is sent. */
  readonly privateKeyJwt: (key: CryptoKey | AssertionKey) => ClientAuth
  /** A client certificate: `tls_client_auth`, `self_signed_tls_client_auth` (RFC 8705). `fetch` must be one that has it. */
  readonly tls: () => ClientAuth
  /** A public client, which can't keep a secret: only its id is sent. */
  readonly none: () => ClientAuth
}

/**
 * How a client proves who it is.
 *
 * A secret is a string, a `Secret`, or a function that is asked for each token. `privateKeyJwt` is the strongest that needs no
 * certificate. RFC 6749 §2.3.1 prefers `basic` over `post`.
 *
 * @throws {OptionError} The secret is empty, or the key can't sign.
 * @example
 * ```ts
 * import { clientAuth } from '@fetchstack/auth-oauth'
 *
 * const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
 * const auth = clientAuth.privateKeyJwt({ key: privateKey, kid: 'key-1' })
 * ```
 */
export const clientAuth: ClientAuths = {
  basic: (secret) => bySecret('client_secret_basic', secret, ClientSecretBasic),
  post: (secret) => bySecret('client_secret_post', secret, ClientSecretPost),
  privateKeyJwt: (given) => {
    const { key, kid, audience } = given instanceof CryptoKey ? { key: given } : (Object(given) as AssertionKey)
    const owner = 'clientAuth.privateKeyJwt'
    if (!(key instanceof CryptoKey) || key.type !== 'private' || !key.usages.includes('sign')) {
      refuse(owner, 'key', key, "a private CryptoKey with the usage 'sign'")
    }
    for (const [option, value] of Object.entries({ kid, audience })) {
      if (value !== undefined && (typeof value !== 'string' || value === '')) refuse(owner, option, value, 'a string')
    }
    const auth = PrivateKeyJwt(kid === undefined ? key : { key, kid }, {
      [modifyAssertion]: (_header, payload) => {
        if (audience !== undefined) payload['aud'] = audience
      },
    })
    return { method: 'private_key_jwt', use: () => auth }
  },
  tls: () => ({ method: 'tls_client_auth', mtls: true, use: None }),
  none: () => ({ method: 'none', use: None }),
}

function bySecret(method: string, secret: SecretInput, make: (secret: string) => LibraryAuth): ClientAuth {
  if (typeof secret !== 'function' && textOf(secret) === undefined) {
    // Not the value, nor what it looks like.
    throw new OptionError('clientAuth', 'secret', `secret must be ${TEXT}; or a function.`)
  }
  return { method, use: async ({ reveal }) => make(await reveal(secret, 'client secret')) }
}
