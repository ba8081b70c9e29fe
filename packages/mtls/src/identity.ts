import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { OptionError, refuse } from '@fetchstack/options'
import type { Secret } from '@fetchstack/secret'

/** PEM text or its bytes, as such or as a `Secret`. */
export type Pem = string | Uint8Array | Secret<string | Uint8Array> | Secret | Secret<Uint8Array<ArrayBuffer>>

/** Who the client is, and whom it trusts. */
export interface Identity {
  readonly cert: Pem
  readonly key: Pem
  readonly ca?: Pem | readonly Pem[] | undefined
  readonly passphrase?: string | Secret | undefined
}

/**
 * What TLS needs of a certificate and its key. They are read now, and not kept: nothing that could be printed holds the key.
 *
 * @throws {OptionError} One of them can't be read, or they do not belong together. Nothing of them is in the message.
 */
export function readIdentity({ cert, key, ca, passphrase }: Identity): SecureContext {
  const certificate = bytesOf('cert', cert)
  const privateKey = bytesOf('key', key)
  const secret = passphrase === undefined ? undefined : bytesOf('passphrase', passphrase).toString()
  const trusted = ca === undefined ? undefined : (Array.isArray(ca) ? ca : [ca]).map((one) => bytesOf('ca', one))
  const unlock = secret === undefined ? {} : { passphrase: secret }

  const leaf = attempt('cert', 'cert is no certificate in PEM form.', () => new X509Certificate(certificate))
  const ours = attempt(
    'key',
    `key is no private key in PEM form${secret === undefined ? ', or it needs a passphrase' : ', or the passphrase is not its own'}.`,
    () => createPrivateKey({ key: privateKey, format: 'pem', ...unlock }),
  )
  if (!leaf.checkPrivateKey(ours))
    throw new OptionError('mtls', 'key', 'key does not belong to cert: they are no pair.')
  if (trusted?.length === 0)
    throw new OptionError('mtls', 'ca', 'ca must have at least one certificate, or be left out.')
  for (const one of trusted ?? []) {
    attempt('ca', 'ca must be certificates in PEM form; one of them is not.', () => new X509Certificate(one))
  }
  return attempt('cert', 'cert, key and ca can not be used for TLS.', () =>
    createSecureContext({ cert: certificate, key: privateKey, ...unlock, ...(trusted && { ca: trusted }) }),
  )
}

function bytesOf(option: string, given: unknown): Buffer {
  // By its shape: a `Secret` of another copy of this package is one too.
  const value = (given as { reveal?(): unknown } | null | undefined)?.reveal?.() ?? given
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value)
  // Only its type: whatever it is, it was meant to be a key.
  return refuse('mtls', option, Object(value), 'text, bytes or a Secret of one of them')
}

/** What OpenSSL says is for those who know it, so only its code is told. */
function attempt<Result>(option: string, problem: string, make: () => Result): Result {
  try {
    return make()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new OptionError('mtls', option, code === undefined ? problem : `${problem} (${code})`)
  }
}
