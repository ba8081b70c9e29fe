import { generateKeyPairSync, sign } from 'node:crypto'

/** Makes a self-signed certificate for `localhost`, since Node can read X.509 but has no way to write it. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid([42, 134, 72, 206, 61, 4, 3, 2])) // ecdsa-with-SHA256
  const name = sequence(der(0x31, sequence(oid([85, 4, 3]), der(0x0c, Buffer.from('localhost'))))) // commonName
  const validity = sequence(der(0x17, Buffer.from('250101000000Z')), der(0x17, Buffer.from('491231000000Z')))
  const san = sequence(oid([85, 29, 17]), der(0x04, sequence(der(0x82, Buffer.from('localhost'))))) // subjectAltName
  const ca = sequence(oid([85, 29, 19]), der(0x04, sequence(der(0x01, Buffer.from([0xff]))))) // basicConstraints
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(san, ca)),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  }
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts)
}

function oid(bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}
