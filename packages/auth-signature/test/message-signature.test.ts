import { auth } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it, vi } from 'vitest'
import {
  type MessageSignatureOptions,
  messageSignature,
  type Signer,
  type SignerOptions,
  signer,
} from '../src/index.ts'
import { keyPair, printed, rejection, sign } from './helpers.ts'

const URL_OF = 'https://api.example.com/a?q=1&q=2&one=x%20y'
const SECRET = 'hush-Kf81'
const none: Signer = { alg: 'none', sign: () => new Uint8Array([1]) }
const make = (options: Partial<MessageSignatureOptions> = {}) =>
  messageSignature({ signer: none, components: ['@method'], nonce: false, ...options })
const NOON = Date.UTC(2026, 10, 22, 12)
const clock = { now: () => NOON }

function thrown(run: () => unknown): OptionError {
  try {
    run()
  } catch (error) {
    return error as OptionError
  }
  throw new Error('It was taken.')
}

describe('bad input is found when it is made', () => {
  it.each<[string, unknown]>([
    ['no options', undefined],
    ['no signer', { components: ['@method'] }],
    ['a signer without an algorithm', { signer: { sign() {} }, components: ['@method'] }],
    ['a key id with a line break', { signer: { ...none, keyid: 'a\r\nb' }, components: ['@method'] }],
    ['no components', { signer: none }],
    ['an empty list of components', { signer: none, components: [] }],
    ['an unknown part', { signer: none, components: ['@body'] }],
    ['the status of a response', { signer: none, components: ['@status'] }],
    ['a header name that is none', { signer: none, components: ['a b'] }],
    ['a header twice', { signer: none, components: ['date', 'Date'] }],
    ['a query parameter twice', { signer: none, components: [{ queryParam: 'a' }, { queryParam: 'a' }] }],
    ['a query parameter that can not be encoded', { signer: none, components: [{ queryParam: '\uD800' }] }],
    ['a key that is no text', { signer: none, components: [{ name: 'x', key: 1 }] }],
    ['a parameter that is not known', { signer: none, components: [{ name: 'x', sf: true }] }],
    ['a header and a query parameter in one', { signer: none, components: [{ name: 'x', queryParam: 'a' }] }],
    ['a component that is nothing', { signer: none, components: [null] }],
    ['a weak digest', { signer: none, components: ['@method'], contentDigest: 'md5' }],
    ['a validity in seconds', { signer: none, components: ['@method'], expiresIn: 60 }],
    ['a nonce that is a text', { signer: none, components: ['@method'], nonce: 'same' }],
    ['a tag with a line break', { signer: none, components: ['@method'], tag: 'a\n' }],
    ['a label in upper case', { signer: none, components: ['@method'], label: 'Sig' }],
    ['an unknown option', { signer: none, components: ['@method'], lable: 'a' }],
  ])('%s', (_, options) => {
    const error = thrown(() => messageSignature(options as MessageSignatureOptions))
    expect(error).toBeInstanceOf(OptionError)
    expect([error.code, error.owner]).toEqual(['FETCHSTACK_INVALID_OPTION', 'messageSignature'])
  })
})

describe('signer', () => {
  it('knows the algorithm by the key', async () => {
    const { privateKey } = await keyPair({ name: 'ECDSA', namedCurve: 'P-384' })
    expect(signer({ key: privateKey, keyid: 'me' })).toMatchObject({ alg: 'ecdsa-p384-sha384', keyid: 'me' })
  })

  it('refuses what can not sign, or is for another algorithm', async () => {
    const { privateKey, publicKey } = await keyPair({ name: 'Ed25519' })
    const p521 = await keyPair({ name: 'ECDSA', namedCurve: 'P-521' })
    const sha1 = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
    const cases: [Partial<SignerOptions> | undefined, string][] = [
      [undefined, 'key must be a CryptoKey'],
      [{ key: SECRET as never }, 'key must be a CryptoKey'],
      [{ key: publicKey, keyid: 'me' }, 'key must be a CryptoKey'],
      [{ key: privateKey }, 'keyid must be'],
      [{ key: privateKey, keyid: '' }, 'keyid must be'],
      [{ key: privateKey, keyid: 'a\r\nb' }, 'keyid must be'],
      [{ key: privateKey, keyid: 'me', alg: 'hmac-sha256' }, 'alg must be "ed25519" for a key for Ed25519'],
      [{ key: p521.privateKey, keyid: 'me' }, 'no HTTP signature algorithm for a key for ECDSA P-521'],
      [{ key: sha1, keyid: 'me' }, 'no HTTP signature algorithm for a key for HMAC SHA-1'],
    ]
    for (const [options, problem] of cases) {
      const error = thrown(() => signer(options as SignerOptions))
      expect(error).toBeInstanceOf(OptionError)
      expect(error.message).toContain(problem)
      expect(error.message).not.toContain(SECRET)
    }
  })
})

describe('what is written', () => {
  it('the parameters, in one order, and only those that are wanted', async () => {
    const options = {
      signer: { ...none, keyid: 'k"1' },
      expiresIn: 90_500,
      nonce: () => 'n',
      tag: 'app',
      label: 'mine',
    }
    const request = await sign(make(options), URL_OF, {}, { clock })
    expect(request.header('signature-input')).toBe(
      `mine=("@method");created=${NOON / 1000};expires=${NOON / 1000 + 90};nonce="n";alg="none";keyid="k\\"1";tag="app"`,
    )
    expect(request.header('signature')).toBe('mine=:AQ==:')
    const bare = await sign(make({ alg: false }), URL_OF, {}, { clock })
    expect(bare.header('signature-input')).toBe(`sig1=("@method");created=${NOON / 1000}`)
  })

  it('the base: every kind of component, as the RFC has it', async () => {
    let base = ''
    const noting: Signer = {
      alg: 'none',
      sign(data) {
        base = new TextDecoder().decode(data)
        return data
      },
    }
    const components = [
      '@method',
      '@target-uri',
      '@authority',
      '@scheme',
      '@path',
      '@query',
      '@request-target',
      { queryParam: 'one' },
      { queryParam: "é'" },
      { name: 'x-dict', key: 'b' },
      'X-Mine',
    ]
    const headers = { 'X-Mine': '"x-fetchstack-query-param-0" ', 'x-dict': 'a=1, b=2;c' }
    const url = `${URL_OF}&%C3%A9%27=(~)#hash`
    const request = await sign(make({ signer: noting, components, alg: false }), url, { headers }, { clock })
    const names = `"@method" "@target-uri" "@authority" "@scheme" "@path" "@query" "@request-target" "@query-param";name="one" "@query-param";name="%C3%A9%27" "x-dict";key="b" "x-mine"`
    expect(request.header('signature-input')).toBe(`sig1=(${names});created=${NOON / 1000}`)
    const query = '?q=1&q=2&one=x%20y&%C3%A9%27=(~)'
    expect(base.split('\n')).toEqual([
      '"@method": GET',
      `"@target-uri": https://api.example.com/a${query}`,
      '"@authority": api.example.com',
      '"@scheme": https',
      '"@path": /a',
      `"@query": ${query}`,
      `"@request-target": /a${query}`,
      '"@query-param";name="one": x%20y',
      '"@query-param";name="%C3%A9%27": %28%7E%29',
      '"x-dict";key="b": 2;c',
      '"x-mine": "x-fetchstack-query-param-0"',
      `"@signature-params": (${names});created=${NOON / 1000}`,
    ])
  })

  it('a digest of the body, unless there is none, or it is switched off; one that is there is signed as it stands', async () => {
    const digestOf = async (options: Partial<MessageSignatureOptions>, init: object) => {
      const request = await sign(make(options), URL_OF, init)
      return [
        request.header('content-digest')?.slice(0, 8),
        request.header('signature-input')!.includes('content-digest'),
      ]
    }
    const post = { method: 'POST', body: 'a' }
    expect(await digestOf({}, post)).toEqual(['sha-256=', true])
    expect(await digestOf({ contentDigest: 'sha-512' }, post)).toEqual(['sha-512=', true])
    expect(await digestOf({}, {})).toEqual([undefined, false])
    expect(await digestOf({ contentDigest: false }, post)).toEqual([undefined, false])
    const own = { ...post, headers: { 'Content-Digest': 'mine=:AQ==:' } }
    expect(await digestOf({}, own)).toEqual(['mine=:AQ', true])
    expect(await digestOf({ contentDigest: false, components: ['content-digest'] }, own)).toEqual(['mine=:AQ', true])
  })

  it('a stream is not touched where nothing of it is signed', async () => {
    const body = new ReadableStream()
    const request = await sign(make({ contentDigest: false }), URL_OF, { method: 'POST', body, duplex: 'half' })
    expect([request.body, body.locked]).toEqual([body, false])
  })

  it('is declared: what it writes, and what it holds for', () => {
    expect(make().writes).toEqual({ headers: ['signature', 'signature-input'] })
    expect(make().binds).toEqual(['method', 'url', 'body', 'time'])
    expect(make({ contentDigest: false, nonce: true }).binds).toEqual(['method', 'url', 'time', 'once'])
  })
})

describe('what can not be signed rejects the call, and nothing is sent', () => {
  it.each<[string, Partial<MessageSignatureOptions>, object, string]>([
    ['a header that is not there', { components: ['date'] }, {}, 'no header "date"'],
    ['a length that is not sent', { components: ['content-length'] }, {}, 'no header "content-length"'],
    ['a query parameter that is not there', { components: [{ queryParam: 'x' }] }, {}, 'the parameter "x" 0 times'],
    ['a query parameter that is there twice', { components: [{ queryParam: 'q' }] }, {}, 'the parameter "q" 2 times'],
    [
      'a member that is not there',
      { components: [{ name: 'x', key: 'a' }] },
      { headers: { x: 'b=1' } },
      'could not be made',
    ],
  ])('%s', async (_, options, init, problem) => {
    const error = await rejection(make(options), URL_OF, init)
    expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_PROVIDER' })
    expect(error.message).toContain(problem)
  })

  it('a signer that fails, at once or later: what it threw is there, and not printed', async () => {
    for (const fail of [
      () => {
        throw new Error(SECRET)
      },
      () => Promise.reject(new Error(SECRET)),
    ]) {
      const error = await rejection(make({ signer: { alg: 'none', sign: fail } }), URL_OF)
      expect(error.code).toBe('FETCHSTACK_AUTH_PROVIDER')
      expect((error.cause as Error).message).toBe(SECRET)
      expect(printed(error)).not.toContain(SECRET)
    }
  })

  it.each([
    ['an ArrayBuffer', new ArrayBuffer(64)],
    ['nothing', undefined],
    ['a text', 'abcd'],
    ['no bytes', new Uint8Array()],
  ])('a signer that gives %s: no signature is sent that is none', async (_, made) => {
    const error = await rejection(make({ signer: { alg: 'none', sign: () => made as never } }), URL_OF)
    expect(error.code).toBe('FETCHSTACK_AUTH_PROVIDER')
  })

  it('a body that is too long', async () => {
    const body = new Response(new Uint8Array(2000)).body
    const call = sign(make(), URL_OF, { method: 'POST', body, duplex: 'half' }, { bodyLimit: 1999 })
    await expect(call).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_BODY' })
  })

  it('an abort while the signer is at work ends the wait at once', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const hanging: Signer = {
      alg: 'none',
      sign() {
        controller.abort(reason)
        return new Promise(() => {})
      },
    }
    expect(await rejection(make({ signer: hanging }), URL_OF, { signal: controller.signal })).toBe(reason)
  })
})

it('many calls at once do not mix', async () => {
  const slow: Signer = {
    alg: 'none',
    async sign(data) {
      await Promise.resolve()
      return data
    },
  }
  const scheme = make({ signer: slow, components: ['@path'] })
  const paths = Array.from({ length: 100 }, (_, index) => `/p${index}`)
  const requests = await Promise.all(paths.map((path) => sign(scheme, `https://api.example.com${path}`)))
  const signed = requests.map((request) => atob(request.header('signature')!.slice('sig1=:'.length, -1)))
  expect(signed.map((base) => base.split('\n')[0])).toEqual(paths.map((path) => `"@path": ${path}`))
})

describe('a clock that is wrong', () => {
  const run = async (status: number, date: string) => {
    const mock = mockHandler([() => new Response(null, { status, headers: { date } }), 401])
    const layer = auth(make(), { origins: 'https://api.example.com', clock: { now: vi.fn(() => NOON) } })
    const response = await HandlerStack.create(mock).push(layer).toFetch()(URL_OF, { method: 'POST', body: 'a' })
    const created = mock.calls.map(({ request }) =>
      Number(/created=(\d+)/.exec(request.header('signature-input')!)![1]),
    )
    return [response.status, ...created.map((time) => time - NOON / 1000)]
  }

  it.each([400, 401, 403])('is corrected by the Date of a %i, and the request is signed once more', async (status) => {
    expect(await run(status, new Date(NOON - 60_000).toUTCString())).toEqual([401, 0, -60])
  })

  it('is not blamed where it is right, or nothing was refused', async () => {
    expect(await run(401, new Date(NOON + 20_000).toUTCString())).toEqual([401, 0])
    expect(await run(200, new Date(0).toUTCString())).toEqual([200, 0])
    expect(await run(503, new Date(0).toUTCString())).toEqual([503, 0])
  })
})
