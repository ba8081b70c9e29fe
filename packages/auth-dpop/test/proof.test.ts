import { generateProof } from 'dpop'
import { EmbeddedJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type DPoPAlgorithm, dpopKey, dpopThumbprint } from '../src/index.ts'
import { prover } from '../src/proof.ts'
import { decode } from './helpers.ts'

const ALGORITHMS: readonly DPoPAlgorithm[] = ['ES256', 'Ed25519', 'PS256', 'RS256']
const claims = { method: 'GET', url: 'https://a.example/b', now: 1_562_262_616_000, token: 'access', nonce: undefined }

describe.each(ALGORITHMS)('%s', (algorithm) => {
  it('a proof verifies with the key that it names, and names no private part', async () => {
    const proof = await prover('test', await dpopKey({ algorithm }))(claims)
    const { protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      currentDate: new Date(claims.now),
    })
    expect(protectedHeader.alg).toBe(algorithm)
    for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(protectedHeader.jwk).not.toHaveProperty(part)
  })

  it('says what the library dpop says', async () => {
    const key = await dpopKey({ algorithm })
    const nonce = 'eyJ7S_zG.eyJH0-Z.HX4w-7v'
    const ours = decode(await prover('test', key)({ ...claims, nonce, now: Date.now() }))
    const theirs = decode(await generateProof(key, claims.url, claims.method, nonce, claims.token))
    const shared = { jti: expect.any(String), iat: expect.any(Number) }
    expect({ header: ours.header, claims: { ...ours.claims, ...shared } }).toEqual({
      header: theirs.header,
      claims: { ...theirs.claims, ...shared },
    })
    expect(Math.abs(ours.claims.iat - theirs.claims.iat)).toBeLessThan(60)
  })
})

describe('RFC 9449', () => {
  it('§4.2: the header and the claims of a proof', async () => {
    const proof = await prover(
      'test',
      await dpopKey(),
    )({ ...claims, method: 'POST', url: 'https://server.example.com/token' })
    expect(decode(proof)).toEqual({
      header: {
        typ: 'dpop+jwt',
        alg: 'ES256',
        jwk: {
          kty: 'EC',
          crv: 'P-256',
          x: expect.stringMatching(/^[\w-]{43}$/),
          y: expect.stringMatching(/^[\w-]{43}$/),
        },
      },
      claims: {
        jti: expect.stringMatching(/^[\w-]{20,}$/),
        htm: 'POST',
        htu: 'https://server.example.com/token',
        iat: 1_562_262_616,
        ath: expect.any(String),
      },
    })
  })

  it('§7.1: the hash of the access token', async () => {
    const token = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
    const proof = await prover('test', await dpopKey())({ ...claims, token })
    expect(decode(proof).claims['ath']).toBe('fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')
  })

  it('§6.1: the thumbprint of the key', async () => {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
      y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
    }
    const publicKey = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'verify',
    ])
    expect(await dpopThumbprint({ publicKey })).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
  })

  it.each([
    ['https://a.example/b?c=d#e', 'https://a.example/b'],
    ['HTTPS://A.example:443', 'https://a.example/'],
    ['https://a.example/%7Eb/../c d', 'https://a.example/c%20d'],
    ['http://[::1]:8080/?', 'http://[::1]:8080/'],
  ])('§4.2: the htu of %s is %s', async (url, htu) => {
    expect(decode(await prover('test', await dpopKey())({ ...claims, url })).claims['htu']).toBe(htu)
  })

  it('§4.2: no two proofs share a jti', async () => {
    const prove = prover('test', await dpopKey())
    const proofs = await Promise.all(Array.from({ length: 50 }, () => prove(claims)))
    expect(new Set(proofs.map((proof) => decode(proof).claims.jti)).size).toBe(50)
  })
})

describe('a key', () => {
  it('can not be read out, unless that is wanted', async () => {
    expect((await dpopKey()).privateKey.extractable).toBe(false)
    expect((await dpopKey({ extractable: true })).privateKey.extractable).toBe(true)
  })

  it('of another algorithm is refused when it is made', async () => {
    await expect(dpopKey({ algorithm: 'ES384' as never })).rejects.toThrow(/algorithm must be one of "ES256"/)
    await expect(dpopKey({ extractible: true } as never)).rejects.toThrow(/Did you mean "extractable"/)
    await expect(dpopKey({ extractable: 'no' as never })).rejects.toThrow(/extractable must be one of true, false/)
  })

  const generate = async (algorithm: EcKeyGenParams | RsaHashedKeyGenParams | HmacKeyGenParams) =>
    (await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as CryptoKeyPair
  const publicExponent = new Uint8Array([1, 0, 1])
  it.each([
    ['nothing', async () => undefined],
    ['P-384', () => generate({ name: 'ECDSA', namedCurve: 'P-384' })],
    ['RSA of 1024 bits', () => generate({ name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 1024, publicExponent })],
    ['SHA-512', () => generate({ name: 'RSA-PSS', hash: 'SHA-512', modulusLength: 2048, publicExponent })],
    ['one key', () => generate({ name: 'HMAC', hash: 'SHA-256' })],
    [
      'the keys the wrong way round',
      async () => {
        const { privateKey, publicKey } = await dpopKey()
        return { privateKey: publicKey, publicKey: privateKey }
      },
    ],
  ])('%s can not sign proofs', async (_what, make) => {
    const key = (await make()) as CryptoKeyPair
    expect(() => prover('dpop', key)).toThrow(/^dpop: key must be a pair of keys for ES256, Ed25519, PS256, RS256/)
  })
})
