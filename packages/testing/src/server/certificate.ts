import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { CertificateOptions } from './types.ts'

/** A certificate and its private key, in PEM form. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const DAY = 86_400_000

/**
 * Makes a self-signed certificate (RFC 5280, ECDSA P-256). Node can read certificates but not make them, and one that is
 * kept in a repository runs out and brings its private key along; the few DER elements it takes are written here instead.
 */
export function selfSigned(options: CertificateOptions = {}): Certificate {
  const now = Date.now()
  const { names = ['localhost', '127.0.0.1'] } = options
  const { validFrom = new Date(now - DAY), validTo = new Date(now + 365 * DAY) } = options
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = der(0x30, oid('2a8648ce3d040302'))
  const commonName = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('faultyServer')))))
  const alternativeNames = der(0x30, oid('551d11'), der(0x04, der(0x30, ...names.map(generalName))))
  const toBeSigned = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    // A positive integer without a leading zero byte.
    der(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(8)])),
    ecdsaWithSha256,
    commonName,
    der(0x30, time(validFrom), time(validTo)),
    commonName,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, alternativeNames)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', toBeSigned, privateKey)]))
  const base64 =
    der(0x30, toBeSigned, ecdsaWithSha256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...base64, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** One element: tag, length (short form, or the long one from 128 bytes on), content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

/** GeneralizedTime, to the second and in UTC. */
function time(date: Date): Buffer {
  return der(0x18, Buffer.from(date.toISOString().replaceAll(/\.\d+|[-:T]/g, '')))
}

/** RFC 5280 §4.2.1.6: [7] iPAddress, [2] dNSName. */
function generalName(name: string): Buffer {
  const isAddress = /^\d+(?:\.\d+){3}$/.test(name)
  return isAddress ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name))
}
