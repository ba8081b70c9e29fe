import { faults } from '@fetchstack/testing'
import { EmbeddedJWK, jwtVerify } from 'jose'
import { expect, it } from 'vitest'
import { oauthToken } from '../src/index.ts'
import { authorizationServer, decode, first, GRANTED, last } from './helpers.ts'

const dpop = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
const BOUND = { ...GRANTED, token_type: 'DPoP' }
const wanted = (nonce?: string) =>
  faults.status(400, nonce === undefined ? {} : { 'dpop-nonce': nonce }, { error: 'use_dpop_nonce' })
const claims = (jwt: string | undefined) => decode(jwt!).claims

it('the token is bound to the key: a proof for the endpoint, without ath (RFC 9449 §5)', async () => {
  await using as = await authorizationServer(faults.ok(BOUND))
  const token = await as.refresh({ dpop })
  expect(token.type).toBe('DPoP')
  const { payload, protectedHeader } = await jwtVerify(last(as.server).headers['dpop']!, EmbeddedJWK, {
    typ: 'dpop+jwt',
  })
  expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty: 'EC', crv: 'P-256' } })
  expect(protectedHeader.jwk).not.toHaveProperty('d')
  expect(payload).toMatchObject({ htm: 'POST', htu: `${as.server.url}/token`, jti: expect.any(String) })
  expect(payload).not.toHaveProperty('ath')
  expect(payload).not.toHaveProperty('nonce')
})

it('a nonce that the server wants: once again, and from then on at once', async () => {
  await using as = await authorizationServer([wanted('n1'), faults.ok(BOUND, { 'dpop-nonce': 'n2' }), faults.ok(BOUND)])
  const refresh = oauthToken(as.options({ dpop }))
  await refresh(first())
  await refresh(first())
  const proofs = as.server.requests.map(({ headers }) => claims(headers['dpop']))
  expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'n1', 'n2'])
  expect(new Set(proofs.map(({ jti }) => jti)).size).toBe(3)
})

it('a server that wants one and gives none, or wants another each time, is not asked for ever', async () => {
  await using as = await authorizationServer(wanted())
  expect(await as.failure({ dpop })).toMatchObject({ code: 'FETCHSTACK_OAUTH_REFUSED', error: 'use_dpop_nonce' })
  expect(as.server.count()).toBe(1)
  as.server.route('POST /token', ({ number }) => wanted(`n${number}`))
  expect(await as.failure({ dpop })).toMatchObject({ error: 'use_dpop_nonce' })
  expect(as.server.count()).toBe(3)
})

it('a proof that is refused while the clocks differ is dated anew, once', async () => {
  const date = new Date(Date.now() - 3_600_000).toUTCString()
  await using as = await authorizationServer([
    faults.status(400, { date }, { error: 'invalid_dpop_proof' }),
    faults.ok(BOUND),
  ])
  await as.refresh({ dpop })
  const [before, after] = as.server.requests.map(({ headers }) => claims(headers['dpop'])['iat'] as number)
  expect(before! - after!).toBeGreaterThan(3_590)
})

it('a bearer token for a key is refused: whoever steals it could use it', async () => {
  await using as = await authorizationServer()
  expect(await as.failure({ dpop })).toMatchObject({
    code: 'FETCHSTACK_OAUTH_TOKEN_TYPE',
    message: expect.stringContaining('of type Bearer, not DPoP'),
  })
})
