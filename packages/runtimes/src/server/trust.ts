import { createHash, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
// Not public: a server for tests has no reason to hand out its key.
import { selfSigned } from '../../../testing/src/server/certificate.ts'

/** A certificate that the runtimes of a run trust, each in its own way. */
export interface Trust {
  readonly cert: string
  readonly key: string
  /** The certificate as a file, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string
  /** SHA-256 of the public key in base64, for Chromium's list of what it lets pass. */
  readonly keyDigest: string
}

/** The name that is trusted. The other servers go by address, so that trusting this name leaves their errors as they are. */
export const TRUSTED_HOST = 'localhost'

/** Makes a certificate for `localhost` and writes it to a file. */
export function createTrust(file: string): Trust {
  const { cert, key } = selfSigned({ names: [TRUSTED_HOST] })
  writeFileSync(file, cert)
  const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return { cert, key, file, keyDigest: createHash('sha256').update(publicKey).digest('base64') }
}
