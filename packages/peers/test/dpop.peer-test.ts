import { auth, bearerFrom } from '@fetchstack/auth'
import { dpop, dpopKey, dpopThumbprint } from '@fetchstack/auth-dpop'
import { clientAuth, type OAuthTokenOptions, oauth } from '@fetchstack/auth-oauth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { redirect } from '@fetchstack/redirect'
import { retry } from '@fetchstack/retry'
import { type FaultyServer, faults, faultyServer } from '@fetchstack/testing'
import { makeToken, type TokenSource, tokenSource } from '@fetchstack/token-source'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OAuthProvider, SECRET, startProvider } from './oauth-provider.ts'
import { type ResourceServer, startResourceServer } from './resource-server.ts'

let provider: OAuthProvider
let resource: ResourceServer
let elsewhere: FaultyServer
let key: CryptoKeyPair

beforeAll(async () => {
  provider = await startProvider()
  resource = await startResourceServer(provider)
  elsewhere = await faultyServer({ routes: { '/*': faults.ok('elsewhere') } })
  key = await dpopKey()
})
beforeEach(() => {
  provider.reset()
  resource.reset()
  elsewhere.reset()
})
afterAll(async () => {
  await elsewhere.close()
  await resource.close()
  await provider.close()
})

function options(changes: Partial<OAuthTokenOptions> = {}): OAuthTokenOptions {
  return {
    server: provider.issuer,
    client: { id: 'basic', auth: clientAuth.basic(SECRET) },
    grant: { type: 'client_credentials' },
    dpop: key,
    ...changes,
  }
}

function layerOf(source: TokenSource, pair = key) {
  return auth(dpop(pair, source), { origins: resource.url })
}

function apiOf(source: TokenSource, pair = key) {
  return HandlerStack.create().push(layerOf(source, pair)).toFetch()
}

const statuses = () => provider.tokenRequests.map(({ status }) => status)

describe('a bound token', () => {
  it.each(['ES256', 'Ed25519'] as const)(
    'is given for a key of %s, and taken with a proof of it',
    async (algorithm) => {
      const pair = await dpopKey({ algorithm })
      const source = oauth(options({ dpop: pair }))
      const response = await apiOf(source, pair)(`${resource.url}/videos?page=2`, { method: 'POST', body: 'hello' })
      expect([response.status, resource.refused]).toEqual([200, []])
      const { cnf } = decodeJwt(source.peek()!.value.reveal())
      expect(cnf).toEqual({ jkt: await dpopThumbprint(pair) })
    },
  )

  it('is given where the provider wants a nonce in each proof: two requests for the first, one from then on', async () => {
    provider.requireNonce = true
    const source = oauth(options())
    const api = apiOf(source)
    expect((await api(resource.url)).status).toBe(200)
    expect(statuses()).toEqual([400, 200])
    resource.revoke(source.peek()!.value.reveal())
    expect((await api(resource.url)).status).toBe(200)
    expect(statuses()).toEqual([400, 200, 200])
  })

  it.each([
    ['client_secret_post', () => ({ id: 'post', auth: clientAuth.post(SECRET) })],
    ['private_key_jwt', () => ({ id: 'key', auth: clientAuth.privateKeyJwt({ key: provider.clientKey, kid: 'k1' }) })],
  ])('is given for %s too', async (_method, client) => {
    provider.requireNonce = true
    const source = oauth(options({ client: client() }))
    expect((await apiOf(source)(resource.url)).status).toBe(200)
    const assertions = provider.tokenRequests.map(({ form }) => form.get('client_assertion'))
    // A new one with the second proof, or the provider would take it for a replay.
    if (assertions[0] !== null) expect(new Set(assertions).size).toBe(2)
  })

  it('is renewed with a refresh token that rotates', async () => {
    provider.requireNonce = true
    const client = { id: 'rotating', auth: clientAuth.basic(SECRET) }
    const source = oauth(options({ client, grant: { type: 'refresh_token', refreshToken: await provider.login() } }))
    const api = apiOf(source)
    for (let round = 0; round < 3; round++) {
      expect((await api(resource.url)).status).toBe(200)
      resource.revoke(source.peek()!.value.reveal())
    }
    expect(statuses()).toEqual([400, 200, 200, 200])
    const sent = provider.tokenRequests
      .filter(({ status }) => status === 200)
      .map(({ form }) => form.get('refresh_token'))
    expect(new Set(sent).size).toBe(3)
  })

  it('is refused by bearerFrom, and by the API when it is sent so', async () => {
    const source = oauth(options())
    const wrong = HandlerStack.create()
      .push(bearerFrom(source, { origins: resource.url }))
      .toFetch()
    await expect(wrong(resource.url)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_TOKEN_TYPE' })
    expect(resource.server.count()).toBe(0)
    const disguised = tokenSource(async () => makeToken({ value: (await source.get()).value }))
    const sent = HandlerStack.create()
      .push(bearerFrom(disguised, { origins: resource.url }))
      .toFetch()
    expect((await sent(resource.url)).status).toBe(401)
    expect(resource.refused[0]).toBe('invalid_token: sent as Bearer')
  })

  it('is worth nothing with another key', async () => {
    const response = await apiOf(oauth(options()), await dpopKey())(resource.url)
    expect(response.status).toBe(401)
    expect(resource.refused).toEqual(['invalid_dpop_proof: the token is bound to another key'])
  })

  it('is worth nothing to who has seen the request: the proof can not be used again, here or for another', async () => {
    await apiOf(oauth(options()))(`${resource.url}/videos`)
    const { authorization, dpop: proof } = resource.server.requests[0]!.headers
    const replay = (path: string, method = 'GET') =>
      fetch(`${resource.url}${path}`, { method, headers: { authorization: authorization!, dpop: proof! } })
    expect((await replay('/videos')).status).toBe(401)
    expect((await replay('/other')).status).toBe(401)
    expect((await replay('/videos', 'DELETE')).status).toBe(401)
    expect(resource.refused).toEqual([
      'invalid_dpop_proof: jti was replayed',
      `invalid_dpop_proof: htu is ${resource.url}/videos`,
      'invalid_dpop_proof: htm is GET',
    ])
  })
})

describe('a nonce of the API', () => {
  it('is asked for once; the next come with each answer, whatever its status', async () => {
    resource.nonceEvery = 1
    resource.answers = [200, 404, 500, 204].map((status) => faults.status(status))
    const api = apiOf(oauth(options()))
    for (const status of [200, 404, 500, 204, 200]) expect((await api(resource.url)).status).toBe(status)
    expect(resource.refused).toEqual(['use_dpop_nonce: nonce missing'])
  })

  it('that changes under load: nobody gets a 401', async () => {
    resource.nonceEvery = 50
    const api = apiOf(oauth(options()))
    for (let round = 0; round < 10; round++) {
      const responses = await Promise.all(Array.from({ length: 20 }, async () => (await api(resource.url)).status))
      expect(new Set(responses)).toEqual(new Set([200]))
    }
    expect(resource.refused.every((reason) => reason.startsWith('use_dpop_nonce'))).toBe(true)
    expect(resource.proofs.size).toBe(200)
  })
})

describe('in a stack', () => {
  it('each attempt of retry has a proof of its own', async () => {
    resource.answers = [faults.status(503), faults.status(503)]
    const api = HandlerStack.create()
      .push(retry({ maxAttempts: 3, schedule: () => 0 }))
      .push(layerOf(oauth(options())))
      .toFetch()
    expect((await api(resource.url)).status).toBe(200)
    expect([resource.server.count(), resource.proofs.size, resource.refused]).toEqual([3, 3, []])
  })

  it('each hop of redirect within the API has a proof of its own, for its own URL', async () => {
    resource.answers = [faults.redirect('/final?a=b', 307)]
    const api = HandlerStack.create()
      .push(redirect())
      .push(layerOf(oauth(options())))
      .toFetch()
    expect((await api(`${resource.url}/start`, { method: 'PUT', body: 'hello' })).status).toBe(200)
    expect([resource.server.count(), resource.proofs.size, resource.refused]).toEqual([2, 2, []])
  })

  it.each([301, 302, 303, 307, 308])('a %i to another origin takes neither token nor proof along', async (status) => {
    resource.answers = [faults.redirect(elsewhere.url, status)]
    const api = HandlerStack.create()
      .push(redirect())
      .push(layerOf(oauth(options())))
      .toFetch()
    expect(await (await api(resource.url)).text()).toBe('elsewhere')
    const { headers } = elsewhere.requests[0]!
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('dpop')
  })

  it('without a redirect layer nothing goes elsewhere', async () => {
    resource.answers = [faults.redirect(elsewhere.url)]
    await expect(apiOf(oauth(options()))(resource.url)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
    expect(elsewhere.count()).toBe(0)
  })

  it('200 callers whose token was revoked: one token request', async () => {
    const source = oauth(options())
    const api = apiOf(source)
    resource.revoke((await source.get()).value.reveal())
    const responses = await Promise.all(Array.from({ length: 200 }, async () => (await api(resource.url)).status))
    expect(new Set(responses)).toEqual(new Set([200]))
    expect(statuses()).toEqual([200, 200])
  })

  it('a client whose clock is an hour slow is corrected by the API, once', async () => {
    const clock = { now: () => Date.now() - 3_600_000 }
    const layer = auth(dpop(key, oauth(options())), { origins: resource.url, clock })
    const api = HandlerStack.create().push(layer).toFetch()
    expect((await api(resource.url)).status).toBe(200)
    expect((await api(resource.url)).status).toBe(200)
    expect(resource.refused).toHaveLength(1)
    expect(resource.refused[0]).toMatch(/^invalid_dpop_proof: .*iat/)
  })
})
