import { createHash, KeyObject } from 'node:crypto'
import { auth } from '@fetchstack/auth'
import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { type FaultyServer, faults, faultyServer, type ReceivedRequest } from '@fetchstack/testing'
import fc from 'fast-check'
import { createVerifier, httpbis } from 'http-message-signatures'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Component, type MessageSignatureOptions, messageSignature, signer } from '../src/index.ts'
import { keyPair, sign } from './helpers.ts'

interface Message {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
}

const pairs = {
  ed25519: await keyPair({ name: 'Ed25519' }),
  'ecdsa-p256-sha256': await keyPair({ name: 'ECDSA', namedCurve: 'P-256' }),
  'ecdsa-p384-sha384': await keyPair({ name: 'ECDSA', namedCurve: 'P-384' }),
  'rsa-pss-sha512': await keyPair(rsa('RSA-PSS', 'SHA-512')),
  'rsa-v1_5-sha256': await keyPair(rsa('RSASSA-PKCS1-v1_5', 'SHA-256')),
}
const shared = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign'])
const ALGORITHMS = [...Object.keys(pairs), 'hmac-sha256'] as (keyof typeof pairs | 'hmac-sha256')[]

function rsa(name: string, hash: string): RsaHashedKeyGenParams {
  return { name, hash, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
}

function signerFor(alg: (typeof ALGORITHMS)[number]) {
  return signer({ key: alg === 'hmac-sha256' ? shared : pairs[alg].privateKey, keyid: alg, alg })
}

/** By another implementation, which knows nothing of ours. */
async function holds(message: Message): Promise<boolean> {
  const verified = await httpbis.verifyMessage(
    {
      keyLookup: ({ keyid }) => {
        const alg = keyid as (typeof ALGORITHMS)[number]
        const key = KeyObject.from(alg === 'hmac-sha256' ? shared : pairs[alg].publicKey)
        return Promise.resolve({ id: alg, algs: [alg], verify: createVerifier(key, alg) })
      },
    },
    message,
  )
  return verified === true
}

describe('another implementation finds the signature right', () => {
  // Without `~ ! ' ( )` in the query: the RFC has them encoded there (§2.2.8, URL standard), and the other one does not.
  const text = fc.stringMatching(/^[\w.% é&=+-]{0,8}$/)
  const segment = fc.stringMatching(/^[\w.~% é-]{0,8}$/)
  const token = fc.stringMatching(/^[a-z][a-z\d]{0,5}$/)
  const value = fc.stringMatching(/^[!-~](?:[ -~]{0,10}[!-~])?$/)
  const message = fc.record({
    alg: fc.constantFrom('ed25519' as const, 'hmac-sha256' as const, 'ecdsa-p256-sha256' as const),
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'),
    path: fc.array(segment, { maxLength: 3 }),
    query: fc.uniqueArray(fc.tuple(token, text), { selector: ([name]) => name, maxLength: 3 }),
    host: fc.constantFrom('https://example.com', 'https://example.com:8443', 'http://localhost:80'),
    headers: fc.dictionary(
      token.map((name) => `x-${name}`),
      value,
      { maxKeys: 3 },
    ),
    derived: fc.subarray(['@method', '@target-uri', '@authority', '@scheme', '@path', '@query', '@request-target'], {
      minLength: 1,
    }),
    body: fc.option(fc.uint8Array({ maxLength: 50 })),
    tag: fc.option(value),
    nonce: fc.boolean(),
    label: token,
  })

  it('of any request, whatever is covered', async () => {
    await fc.assert(
      fc.asyncProperty(
        message,
        async ({ alg, method, path, query, host, headers, derived, body, tag, nonce, label }) => {
          const search = query.length === 0 ? '' : `?${new URLSearchParams(query)}`
          const url = `${host}/${path.map(encodeURIComponent).join('/')}${search}#no`
          const components: Component[] = [
            ...derived,
            ...Object.keys(headers),
            ...query.map(([queryParam]) => ({ queryParam })),
          ]
          const options: MessageSignatureOptions = {
            signer: signerFor(alg),
            components,
            nonce,
            label,
            ...(tag !== null && { tag }),
          }
          const init = { method, headers, ...(body !== null && method !== 'GET' && { body: Uint8Array.from(body) }) }
          const request = await sign(messageSignature(options), url, init, { insecure: 'always' })
          const sent = {
            method,
            url: new URL(url).href.replace(/#.*/, ''),
            headers: request.headers as Message['headers'],
          }
          expect(await holds(sent)).toBe(true)
          expect(await holds({ ...sent, url: sent.url.replace('://', '://evil.'), method: `${method}X` })).toBe(
            !derived.some((name) => ['@method', '@target-uri', '@authority'].includes(name)),
          )
        },
      ),
      { numRuns: 150 },
    )
  })

  it.each(ALGORITHMS)('by %s', async (alg) => {
    const scheme = messageSignature({
      signer: signerFor(alg),
      components: ['@method', '@target-uri'],
      expiresIn: 60_000,
    })
    const url = 'https://example.com/a'
    const { headers } = await sign(scheme, url)
    expect(await holds({ method: 'GET', url, headers: headers as Message['headers'] })).toBe(true)
    expect(await holds({ method: 'PUT', url, headers: headers as Message['headers'] })).toBe(false)
    expect((headers as Message['headers'])['signature-input']).toMatch(
      new RegExp(`;created=\\d+;expires=\\d+;nonce="[^"]{24}";alg="${alg}";keyid="${alg}"$`),
    )
  })
})

describe('over the wire', () => {
  let server: FaultyServer
  let other: FaultyServer
  beforeAll(async () => {
    server = await faultyServer({ routes: { '/away': 404, '/*': 200 } })
    other = await faultyServer({ routes: { '/*': 200 } })
  })
  beforeEach(() => {
    server.reset()
    other.reset()
  })
  afterAll(async () => {
    await server.close()
    await other.close()
  })

  const scheme = messageSignature({ signer: signerFor('ed25519'), components: ['@method', '@target-uri'] })
  const arrived = async (got: ReceivedRequest): Promise<unknown> => ({
    holds: await holds({ method: got.method, url: `http://${got.headers['host']}${got.url}`, headers: got.headers }),
    digest: got.headers['content-digest'] === `sha-256=:${createHash('sha256').update(got.body).digest('base64')}:`,
    covered: got.headers['signature-input']!.includes('"content-digest")'),
  })
  const right = { holds: true, digest: true, covered: true }
  const form = (): FormData => {
    const form = new FormData()
    form.set('a', 'é')
    form.set('file', new Blob(['\0\xff'], { type: 'image/png' }), 'a.png')
    return form
  }

  it.each<[string, () => object, string?]>([
    ['a text', () => ({ body: 'héllo' }), 'héllo'],
    ['bytes', () => ({ body: new Uint8Array([104, 105]) }), 'hi'],
    ['a Blob', () => ({ body: new Blob(['{}'], { type: 'application/json' }) }), '{}'],
    ['URLSearchParams', () => ({ body: new URLSearchParams({ a: '1 2' }) }), 'a=1+2'],
    ['a FormData', () => ({ body: form() })],
    ['a stream', () => ({ body: new Response('flow').body, duplex: 'half' }), 'flow'],
    ['a function', () => ({ body: () => 'made' }), 'made'],
  ])('the server got what was signed, byte for byte: %s', async (_, init, text) => {
    const api = HandlerStack.create()
      .push(auth(scheme, { origins: server.url }))
      .toFetch()
    await (await api(`${server.url}/a%20b?q=%2F`, { method: 'POST', ...init() })).text()
    expect(await arrived(server.requests[0]!)).toEqual(right)
    if (text !== undefined) expect(server.requests[0]!.text).toBe(text)
  })

  it('a Request with a body', async () => {
    const api = HandlerStack.create()
      .push(auth(scheme, { origins: server.url }))
      .toFetch()
    await (await api(new Request(`${server.url}/r`, { method: 'POST', body: 'mine' }))).text()
    expect([await arrived(server.requests[0]!), server.requests[0]!.text]).toEqual([right, 'mine'])
  })

  it('the length and the type that fetch adds can be signed', async () => {
    const all = messageSignature({ signer: signerFor('ed25519'), components: ['content-type', 'content-length'] })
    const api = HandlerStack.create()
      .push(auth(all, { origins: server.url }))
      .toFetch()
    await (await api(`${server.url}/r`, { method: 'POST', body: form() })).text()
    expect(await arrived(server.requests[0]!)).toEqual(right)
  })

  it('each attempt has a signature of its own: a new nonce, a new time', async () => {
    let now = Date.now() - 5000
    const again: Middleware = (next) => async (request, call) => {
      await (await next(request, call)).arrayBuffer()
      now += 2000
      return next(request, call)
    }
    const layer = auth(scheme, { origins: server.url, clock: { now: () => now } })
    const api = HandlerStack.create().push(again, 'again').push(layer).toFetch()
    await (await api(`${server.url}/`, { method: 'POST', body: form() })).text()
    const inputs = server.requests.map(({ headers }) => headers['signature-input']!)
    for (const part of [/created=(\d+)/, /nonce="(.*?)"/]) {
      expect(new Set(inputs.map((input) => part.exec(input)![1])).size).toBe(2)
    }
    expect(await Promise.all(server.requests.map(arrived))).toEqual([right, right])
  })

  it('another origin sees nothing of it, neither asked nor after a redirect', async () => {
    server.route('/away', faults.redirect(`${other.url}/x`, 307))
    const api = HandlerStack.create()
      .push(auth(scheme, { origins: server.url }))
      .toFetch()
    await (await api(`${other.url}/x`, { method: 'POST', body: 'a' })).text()
    await expect(api(`${server.url}/away`)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
    const seen = other.requests.flatMap(({ headers }) =>
      Object.keys(headers).filter((name) => /sign|digest/.test(name)),
    )
    expect([other.count(), seen]).toEqual([1, []])
  })
})
