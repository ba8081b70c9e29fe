import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiKeyOptions, apiKey, auth, basic, bearer, bearerFrom } from '@fetchstack/auth'
import { digest } from '@fetchstack/auth-digest'
import { dpop, dpopKey } from '@fetchstack/auth-dpop'
import { hmac } from '@fetchstack/auth-hmac'
import { netrc } from '@fetchstack/auth-netrc'
import { clientAuth, oauth } from '@fetchstack/auth-oauth'
import { messageSignature } from '@fetchstack/auth-signature'
import { sigv4 } from '@fetchstack/auth-sigv4'
import { type FetchFunction, HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { redirect } from '@fetchstack/redirect'
import { retry } from '@fetchstack/retry'
import { faults } from '@fetchstack/testing'
import { makeToken, tokenSource } from '@fetchstack/token-source'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './leak-world.ts'

/** From, to, and whether that is one origin. Scheme, host and port each differ on their own, in both directions. */
type Pair = readonly [from: string, to: string, same: boolean]
const PAIRS: readonly Pair[] = [
  ['http://127.0.0.1', 'http://127.0.0.1', true],
  ['http://127.0.0.1:80', 'http://127.0.0.1', true],
  ['http://127.0.0.1', 'http://127.0.0.1:80', true],
  ['https://127.0.0.1', 'https://127.0.0.1', true],
  ['https://127.0.0.1:443', 'https://127.0.0.1', true],
  ['https://127.0.0.1', 'https://127.0.0.1:443', true],
  ['http://a.localhost', 'http://A.LOCALHOST', true],
  ['http://127.0.0.1', 'https://127.0.0.1', false],
  ['https://127.0.0.1', 'http://127.0.0.1', false],
  ['http://127.0.0.1:81', 'https://127.0.0.1:81', false],
  ['http://127.0.0.1', 'http://127.0.0.1:81', false],
  ['http://127.0.0.1:81', 'http://127.0.0.1', false],
  ['https://127.0.0.1', 'https://127.0.0.1:444', false],
  ['https://127.0.0.1:444', 'https://127.0.0.1', false],
  ['http://127.0.0.1', 'http://localhost', false],
  ['http://[::1]', 'http://127.0.0.1', false],
  ['http://localhost', 'http://a.localhost', false],
  ['http://a.localhost', 'http://localhost', false],
  ['https://a.localhost', 'https://b.localhost', false],
  ['https://localhost', 'https://localhost.evil.example', false],
  ['https://localhost', 'https://localhost.', false],
]
const ELSEWHERE = PAIRS.filter(([, , same]) => !same)
const STATUSES = [301, 302, 303, 307, 308]
const HEADERS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'x-auth-token',
  'x-goog-api-key',
  'dpop',
  'signature',
  'signature-input',
  'x-amz-security-token',
  'x-csrf-token',
  'x-access-token',
  'private-token',
  'ocp-apim-subscription-key',
]

/** One credential of one scheme. */
interface Credential {
  /** What the schemes below are called. */
  readonly scheme: string
  /** Whether `fetch` itself leaves it behind, so that auth does not refuse redirects on its own. */
  readonly authorization?: boolean
  /** How it is found in what a server got, when it was made of this secret. */
  readonly trace?: (secret: string) => string
  readonly make: (secret: string, options: ApiKeyOptions) => Middleware
}

const proofKey = await dpopKey()

/** Every first-party scheme. A new one is added here. */
const CREDENTIALS: readonly Credential[] = [
  {
    scheme: 'bearer',
    authorization: true,
    make: (secret, { origins, insecure }) => bearer(secret, where(origins, insecure)),
  },
  {
    scheme: 'basic',
    authorization: true,
    trace: (secret) => btoa(`me:${secret}`),
    make: (secret, { origins, insecure }) => basic('me', secret, where(origins, insecure)),
  },
  {
    scheme: 'digest',
    authorization: true,
    // The password itself is never sent, so the name stands for it.
    trace: (secret) => `username="${secret}"`,
    make: (secret, { origins, insecure }) => {
      const layer = auth(digest(secret, 'Circle of Life'), where(origins, insecure))
      const challenge = 'Digest realm="home", nonce="n", qop="auth", algorithm=SHA-256'
      return (next) =>
        layer((request, call) =>
          // In place of the server, which redirects at once.
          request.origin !== origins || request.header('authorization') !== undefined
            ? next(request, call)
            : Promise.resolve(new Response(null, { status: 401, headers: { 'www-authenticate': challenge } })),
        )
    },
  },
  {
    scheme: 'netrc',
    authorization: true,
    trace: (secret) => btoa(`me:${secret}`),
    make: (secret, { origins, insecure }) => {
      const file = join(netrcs, secret)
      // For every host, so that only the origins hold it back.
      writeFileSync(file, `default login me password ${secret}`, { mode: 0o600 })
      return auth(netrc(file), where(origins, insecure))
    },
  },
  {
    scheme: 'bearer of an oauth source',
    authorization: true,
    make: (secret, { origins, insecure }) => {
      const source = oauth({
        server: { issuer: 'https://login.example.com', token_endpoint: 'https://login.example.com/token' },
        client: { id: 'me', auth: clientAuth.none() },
        grant: { type: 'client_credentials' },
        fetch: async () => Response.json({ access_token: secret, token_type: 'Bearer' }),
      })
      return bearerFrom(source, where(origins, insecure))
    },
  },
  {
    scheme: 'dpop',
    make: (secret, options) => {
      const source = tokenSource(async () => makeToken({ value: secret, type: 'DPoP' }))
      return auth(dpop(proofKey, source), options)
    },
  },
  { scheme: 'apiKey in the query', make: (secret, options) => apiKey(secret, { query: 'key' }, options) },
  { scheme: 'apiKey in x-mine', make: (secret, options) => apiKey(secret, { header: 'x-mine' }, options) },
  {
    scheme: 'sigv4',
    make(secret, options) {
      const credentials = { accessKeyId: secret, secretAccessKey: secret, sessionToken: secret }
      return auth(sigv4({ credentials, region: 'us-east-1', service: 's3' }), options)
    },
  },
  {
    scheme: 'messageSignature',
    make(secret, options) {
      const signer = { alg: 'hmac-sha256', keyid: secret, sign: () => new TextEncoder().encode(secret) }
      return auth(messageSignature({ signer, components: ['@method', '@target-uri'] }), options)
    },
  },
  {
    scheme: 'hmac',
    make(secret, options) {
      // By its name nobody would take it for a credential: that it is declared is all that holds it back.
      const headers = { signature: 'x-mine-proof', timestamp: 'x-mine-time' }
      const preset = { headers, base: ({ path }: { path: string }) => [path], prefix: `${secret}=` }
      return auth(hmac({ key: secret, preset }), options)
    },
  },
  ...HEADERS.map((header): Credential => {
    const authorization = header === 'authorization'
    return {
      scheme: `apiKey in ${header}`,
      authorization,
      make: (secret, options) => apiKey(secret, { header }, options),
    }
  }),
]

function where(origins: ApiKeyOptions['origins'], insecure: ApiKeyOptions['insecure'] = 'loopback') {
  return { origins, insecure }
}

/** Where redirect stands. */
interface Order {
  readonly order: string
  /** Auth does not know of a redirect layer: it refuses by itself what `fetch` would take along. */
  readonly guarded?: boolean
  readonly options?: Pick<ApiKeyOptions, 'redirect'>
  readonly build: (credential: Middleware) => FetchFunction
}

const follows = redirect({ downgrade: 'follow' })
const ORDERS: readonly Order[] = [
  {
    order: 'redirect > auth',
    build: (auth) => HandlerStack.create(world.handler).push(follows).push(auth, 'a').toFetch(),
  },
  {
    order: 'retry > redirect > auth',
    build: (auth) => HandlerStack.create(world.handler).push(retry()).push(follows).push(auth, 'a').toFetch(),
  },
  {
    order: 'auth > redirect, the wrong way round',
    guarded: true,
    build: (auth) => HandlerStack.create(world.handler).push(auth, 'a').push(follows).toFetch(),
  },
  {
    order: "auth > redirect, and auth has redirect: 'follow'",
    options: { redirect: 'follow' },
    build: (auth) => HandlerStack.create(world.handler).push(auth, 'a').push(follows).toFetch(),
  },
  {
    order: 'auth, and fetch follows',
    guarded: true,
    build: (auth) => HandlerStack.create(world.handler).push(auth, 'a').toFetch(),
  },
]

let world: World
let netrcs: string

beforeAll(async () => {
  world = await startWorld(PAIRS.flatMap(([from, to]) => [from, to]))
  netrcs = mkdtempSync(join(tmpdir(), 'leaks-'))
})
beforeEach(() => world.reset())
afterAll(async () => {
  rmSync(netrcs, { recursive: true })
  await world.close()
})

/** A URL that is redirected to `/end` of another origin, whatever was in its query copied along, as careless servers do. */
function redirecting(from: string, to: string, status: number): string {
  world.at(from).route(`/start/${status}`, ({ url }) => {
    const query = url.split('?')[1]
    return faults.redirect(`${to}/end${query ? `?${query}` : ''}`, status)
  })
  return `${from}/start/${status}`
}

describe.each(ORDERS)('$order', ({ order, guarded, options, build }) => {
  it.each(PAIRS)('%s to %s: no credential is seen by a server that it is not for', async (from, to, same) => {
    const home = new URL(from).origin
    const calls = CREDENTIALS.flatMap((credential, index) =>
      STATUSES.map(async (status) => {
        const { scheme, authorization, trace = String, make } = credential
        const secret = `hush-${index}-${status}-Kf81`
        const layer = make(secret, { origins: home, insecure: 'always', ...options })
        const response = await build(layer)(redirecting(from, to, status)).catch(() => undefined)
        return { scheme, status, trace: trace(secret), refused: guarded && !authorization, got: response?.status }
      }),
    )
    const results = await Promise.all(calls)
    const seen = world.look()
    for (const { scheme, status, trace, refused, got } of results) {
      const by = seen.filter(({ text }) => text.includes(trace)).map(({ origin }) => origin)
      const what = { scheme, status }
      expect
        .soft({ ...what, by: [...new Set(by)], got })
        .toEqual({ ...what, by: [home], got: refused ? undefined : 200 })
      // Made anew on the second hop.
      if (same && order.endsWith('redirect > auth'))
        expect.soft({ ...what, times: by.length }).toEqual({ ...what, times: 2 })
    }
  })
})

/** Which origins saw a text. */
function sawBy(text: string): string[] {
  return [
    ...new Set(
      world
        .look()
        .filter((seen) => seen.text.includes(text))
        .map(({ origin }) => origin),
    ),
  ]
}

describe.each(PAIRS)('what the caller set itself, %s to %s', (from, to, same) => {
  const secret = 'hush-own-Kf81'

  it.each(STATUSES)('%i: no credential goes along', async (status) => {
    const layer = redirect({ downgrade: 'follow', sensitive: { query: ['key'] } })
    const headers = Object.fromEntries(HEADERS.map((name) => [name, secret]))
    const url = `${redirecting(from, to, status)}?a=b&key=${secret}`
    const api = HandlerStack.create(world.handler).push(layer).toFetch()
    const response = await api(url, { method: 'POST', body: 'hello', headers })
    expect(response.status).toBe(200)
    expect(sawBy(secret)).toEqual([new URL(from).origin])
    const got = world.at(to).requests.at(-1)!
    expect(got.url).toBe(same ? `/end?a=b&key=${secret}` : '/end?a=b')
    const seen = Object.keys(got.headers).filter((name) => HEADERS.includes(name))
    expect(seen.toSorted()).toEqual(same ? HEADERS.toSorted() : [])
  })
})

describe('redirects that are refused: the other server is not even asked', () => {
  const headers = { 'x-api-key': 'hush' }

  it.each(STATUSES)('from https to http, %i', async (status) => {
    const api = HandlerStack.create(world.handler).push(redirect()).toFetch()
    const sent = api(redirecting('https://127.0.0.1', 'http://127.0.0.1', status), { headers })
    await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_REDIRECT_DOWNGRADE' })
    expect(world.at('http://127.0.0.1').count()).toBe(0)
  })

  it.each(ELSEWHERE)('with sameOrigin, %s to %s', async (from, to) => {
    const api = HandlerStack.create(world.handler)
      .push(redirect({ sameOrigin: true }))
      .toFetch()
    const sent = api(redirecting(from, to, 302), { headers })
    await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_REDIRECT_ORIGIN' })
    expect(world.at(to).count()).toBe(0)
  })
})

describe('with a retry outside', () => {
  const [from, to] = ['https://127.0.0.1', 'https://127.0.0.1:444']
  const build = (auth: Middleware) =>
    HandlerStack.create(world.handler)
      .push(retry({ schedule: () => 0 }))
      .push(redirect())
      .push(auth, 'a')
      .toFetch()

  it('a second attempt does not take along what the first left behind', async () => {
    world.at(to).route('/flaky', [503, faults.ok()])
    world.at(from).route('/flaky', faults.redirect(`${to}/flaky`, 307))
    for (const { make, trace = String } of CREDENTIALS) {
      world.reset()
      const response = await build(make('hush-Kf81', { origins: from }))(`${from}/flaky`)
      expect([response.status, sawBy(trace('hush-Kf81'))]).toEqual([200, [from]])
      expect([world.at(from).count(), world.at(to).count()]).toEqual([2, 2])
    }
  })

  it('a POST that a 303 answered is not sent twice when what it leads to refuses', async () => {
    world.at(from).route('POST /orders', faults.redirect(`${to}/order`, 303))
    world.at(to).route('GET /order', [429, faults.ok()])
    const api = build(bearer('hush', { origins: from }))
    const response = await api(`${from}/orders`, { method: 'POST', body: 'one' })
    expect([response.status, response.redirected]).toEqual([200, true])
    expect([world.at(from).count(), world.at(to).count()]).toEqual([1, 2])
  })

  it('a redirect that is refused is not tried again', async () => {
    world.at(from).route('/down', faults.redirect('http://127.0.0.1/end'))
    await expect(build(bearer('hush', { origins: from }))(`${from}/down`)).rejects.toThrow('from https to http')
    expect(world.at(from).count()).toBe(1)
  })
})
