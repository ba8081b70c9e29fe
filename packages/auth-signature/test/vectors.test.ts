import { describe, expect, it } from 'vitest'
import { type Component, type MessageSignatureOptions, messageSignature, type Signer, signer } from '../src/index.ts'
import { sign } from './helpers.ts'

const bytes = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(base64, 'base64'))

// RFC 9421, appendix B.1: the keys, which are there to be published.
const ED25519 = 'MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF'
const SHARED = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=='
const RSA_PSS =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI2wIDAQAB'
const ECC_P256 =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=='

const clock = { now: () => 1_618_884_473_000 }
const plain = { nonce: false, alg: false } as const

// Appendix B.2: the request that all of them sign.
const URL_OF_B2 = 'https://example.com/foo?param=Value&Pet=dog'
const INIT_OF_B2 = {
  method: 'POST',
  headers: { date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json' },
  body: '{"hello": "world"}',
}
const DIGEST = 'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:'

describe('RFC 9421, appendix B, byte for byte', () => {
  it('B.2.5: a request with hmac-sha256', async () => {
    const key = await crypto.subtle.importKey('raw', bytes(SHARED), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    const scheme = messageSignature({
      signer: signer({ key, keyid: 'test-shared-secret' }),
      components: ['date', '@authority', 'content-type'],
      label: 'sig-b25',
      contentDigest: false,
      ...plain,
    })
    const request = await sign(scheme, URL_OF_B2, INIT_OF_B2, { clock })
    expect(request.header('signature-input')).toBe(
      'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
    )
    expect(request.header('signature')).toBe('sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:')
  })

  it('B.2.6: a request with ed25519', async () => {
    const key = await crypto.subtle.importKey('pkcs8', bytes(ED25519), 'Ed25519', false, ['sign'])
    const scheme = messageSignature({
      signer: signer({ key, keyid: 'test-key-ed25519' }),
      components: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
      label: 'sig-b26',
      contentDigest: false,
      ...plain,
    })
    const request = await sign(scheme, URL_OF_B2, INIT_OF_B2, { clock })
    expect(request.header('signature-input')).toBe(
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    )
    expect(request.header('signature')).toBe(
      'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
    )
  })

  it('B.4: a request whose header came in two lines', async () => {
    const key = await crypto.subtle.importKey('pkcs8', bytes(ED25519), 'Ed25519', false, ['sign'])
    const scheme = messageSignature({
      signer: signer({ key, keyid: 'test-key-ed25519' }),
      components: ['@method', '@path', '@authority', 'accept'],
      label: 'transform',
      ...plain,
    })
    const headers = [
      ['accept', 'application/json'],
      ['accept', '*/*'],
    ]
    const request = await sign(scheme, 'https://example.org/demo?name1=Value1&Name2=value2', { headers }, { clock })
    expect(request.header('signature')).toBe(
      'transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:',
    )
  })
})

/** Signs with a signer that only notes what it is to sign, and checks the RFC's own signature over that. */
async function verifies(
  given: { alg: string; keyid: string; publicKey: string; import: object; verify: object; signature: string },
  options: Omit<MessageSignatureOptions, 'signer'>,
  url: string,
  init: object,
): Promise<boolean> {
  let base = new Uint8Array()
  const noting: Signer = {
    alg: given.alg,
    keyid: given.keyid,
    sign(data) {
      base = data
      return new Uint8Array(1)
    },
  }
  await sign(messageSignature({ signer: noting, ...plain, ...options }), url, init, { clock })
  const { subtle } = crypto
  const key = await subtle.importKey('spki', bytes(given.publicKey), given.import as EcKeyImportParams, false, [
    'verify',
  ])
  return subtle.verify(given.verify as EcdsaParams, key, bytes(given.signature), base)
}

describe('RFC 9421, appendix B, whose signatures are random: they hold for our signature base', () => {
  const pss = {
    alg: 'rsa-pss-sha512',
    keyid: 'test-key-rsa-pss',
    publicKey: RSA_PSS,
    import: { name: 'RSA-PSS', hash: 'SHA-512' },
    verify: { name: 'RSA-PSS', saltLength: 64 },
  }

  it.each<[string, readonly Component[], string | undefined, string]>([
    [
      'B.2.2: selected components, with a query parameter, a tag and the digest of the body',
      ['@authority', 'content-digest', { queryParam: 'Pet' }],
      'header-example',
      'LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==',
    ],
    [
      'B.2.3: full coverage',
      ['date', '@method', '@path', '@query', '@authority', 'content-type', 'content-digest', 'content-length'],
      undefined,
      'bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==',
    ],
  ])('%s', async (_, components, tag, signature) => {
    const options = { components, contentDigest: 'sha-512', ...(tag !== undefined && { tag }) } as const
    expect(await verifies({ ...pss, signature }, options, URL_OF_B2, INIT_OF_B2)).toBe(true)
    const request = await sign(
      messageSignature({ signer: { alg: 'x', sign: () => new Uint8Array(1) }, ...options }),
      URL_OF_B2,
      INIT_OF_B2,
    )
    expect(request.header('content-digest')).toBe(DIGEST)
  })

  it('B.3: a header that a proxy added, with ecdsa-p256-sha256', async () => {
    const certificate =
      ':MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:'
    const given = {
      alg: 'ecdsa-p256-sha256',
      keyid: 'test-key-ecc-p256',
      publicKey: ECC_P256,
      import: { name: 'ECDSA', namedCurve: 'P-256' },
      verify: { name: 'ECDSA', hash: 'SHA-256' },
      signature: 'xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==',
    }
    const components = ['@path', '@query', '@method', '@authority', 'client-cert']
    const init = { method: 'POST', headers: { 'client-cert': certificate } }
    const url = 'https://service.internal.example/foo?param=Value&Pet=dog'
    expect(await verifies(given, { components }, url, init)).toBe(true)
    expect(await verifies(given, { components }, `${url}s`, init)).toBe(false)
  })
})

it('RFC 9421, §2.2.8: how query parameters are encoded', async () => {
  let base = ''
  const noting: Signer = {
    alg: 'x',
    sign(data) {
      base = new TextDecoder().decode(data)
      return data
    },
  }
  const components = [{ queryParam: 'var' }, { queryParam: 'bar' }, { queryParam: 'façade": ' }]
  const query = 'var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something'
  await sign(messageSignature({ signer: noting, components }), `https://www.example.com/parameters?${query}`)
  expect(base.split('\n').slice(0, 3)).toEqual([
    '"@query-param";name="var": this%20is%20a%20big%0Amultiline%20value',
    '"@query-param";name="bar": with%20plus%20whitespace',
    '"@query-param";name="fa%C3%A7ade%22%3A%20": something',
  ])
})

it('RFC 9530, appendix B: the digests of a content, and of none', async () => {
  const signerOf: Signer = { alg: 'x', sign: () => new Uint8Array(1) }
  const scheme = messageSignature({ signer: signerOf, components: ['@method', 'content-digest'] })
  const digestOf = async (init: object) => (await sign(scheme, 'https://example.com/', init)).header('content-digest')
  expect(await digestOf({ method: 'POST', body: '{"hello": "world"}\n' })).toBe(
    'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
  )
  expect(await digestOf({})).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:')
})
