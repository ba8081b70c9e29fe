import { faults } from '@fetchstack/testing'
import { jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { clientAuth } from '../src/index.ts'
import { authorizationServer, decode, formOf, GRANTED, last } from './helpers.ts'

const pair = (extractable = false) =>
  crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, extractable, ['sign', 'verify'])

describe('the client', () => {
  it('basic: id and secret are encoded as a form before base64 (RFC 6749 §2.3.1)', async () => {
    await using as = await authorizationServer()
    await as.refresh()
    expect(last(as.server).headers['authorization']).toBe(`Basic ${btoa('my+app:client%2Dhush%3A%2B')}`)
    expect(formOf(last(as.server))).not.toHaveProperty('client_id')
  })

  it('post: id and secret in the body, the secret from a function that is asked each time', async () => {
    await using as = await authorizationServer()
    let count = 0
    await as.refresh({ client: { id: 'me', auth: clientAuth.post(async () => `secret-${++count}`) } })
    expect(formOf(last(as.server))).toMatchObject({ client_id: 'me', client_secret: 'secret-1' })
    expect(last(as.server).headers).not.toHaveProperty('authorization')
  })

  it('private_key_jwt: an assertion for the issuer that the key verifies, another one each time', async () => {
    await using as = await authorizationServer()
    const { privateKey, publicKey } = await pair()
    const client = { id: 'me', auth: clientAuth.privateKeyJwt({ key: privateKey, kid: 'key-1' }) }
    await as.refresh({ client })
    await as.refresh({ client })
    const assertions = as.server.requests.map((request) => formOf(request)['client_assertion']!)
    const { payload, protectedHeader } = await jwtVerify(assertions[0]!, publicKey, {
      audience: as.server.url,
      issuer: 'me',
      subject: 'me',
    })
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'key-1' })
    expect(decode(assertions[1]!).claims['jti']).not.toBe(payload.jti)
    expect(formOf(last(as.server))).toMatchObject({
      client_id: 'me',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })
  })

  it('private_key_jwt: for another audience', async () => {
    await using as = await authorizationServer()
    const { privateKey } = await pair()
    const audience = 'https://login.example.com/token'
    await as.refresh({ client: { id: 'me', auth: clientAuth.privateKeyJwt({ key: privateKey, audience }) } })
    expect(decode(formOf(last(as.server))['client_assertion']!).claims['aud']).toBe(audience)
  })

  it('tls: the endpoint for certificates where the server names one (RFC 8705 §5)', async () => {
    await using as = await authorizationServer()
    as.server.route('POST /mtls', faults.ok(GRANTED))
    await as.refresh({
      server: {
        issuer: as.server.url,
        token_endpoint: `${as.server.url}/token`,
        mtls_endpoint_aliases: { token_endpoint: `${as.server.url}/mtls` },
      },
      client: { id: 'me', auth: clientAuth.tls() },
    })
    expect(last(as.server).path).toBe('/mtls')
    expect(formOf(last(as.server))['client_id']).toBe('me')
  })

  it('none: the id alone', async () => {
    await using as = await authorizationServer()
    await as.refresh({ client: { id: 'me', auth: clientAuth.none() } })
    expect(formOf(last(as.server))).toEqual({ client_id: 'me', grant_type: 'client_credentials' })
  })

  it.each([
    ['an empty secret', () => clientAuth.basic('')],
    ['a secret with a line break', () => clientAuth.post('hush\n')],
    ['no secret', () => clientAuth.basic(undefined as never)],
    ['no key', () => clientAuth.privateKeyJwt('hush' as never)],
  ])('%s is refused at once, and not shown', (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'FETCHSTACK_INVALID_OPTION' }))
    expect(make).not.toThrow(/hush/)
  })

  it('a public key is refused', async () => {
    const { publicKey } = await pair()
    expect(() => clientAuth.privateKeyJwt(publicKey)).toThrow(/key must be a private CryptoKey with the usage 'sign'/)
  })
})

describe('the clock of the server', () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString()
  const at = (jwt: string) => decode(jwt).claims['iat'] as number

  it('an assertion that is refused while the clocks differ is dated anew, once', async () => {
    await using as = await authorizationServer([
      faults.status(401, { date }, { error: 'invalid_client' }),
      faults.ok(GRANTED),
    ])
    const { privateKey } = await pair()
    await as.refresh({ client: { id: 'me', auth: clientAuth.privateKeyJwt(privateKey) } })
    const [before, after] = as.server.requests.map((request) => at(formOf(request)['client_assertion']!))
    expect(after! - before!).toBeGreaterThan(3_590)
    expect(after! - before!).toBeLessThan(3_610)
  })

  it('a refused secret is not sent again, whatever the clocks say', async () => {
    await using as = await authorizationServer(faults.status(401, { date }, { error: 'invalid_client' }))
    expect(await as.failure()).toMatchObject({ error: 'invalid_client' })
    expect(as.server.count()).toBe(1)
  })

  it('a refusal while the clocks agree stands', async () => {
    await using as = await authorizationServer(faults.status(401, {}, { error: 'invalid_client' }))
    const client = { id: 'me', auth: clientAuth.privateKeyJwt((await pair()).privateKey) }
    expect(await as.failure({ client })).toMatchObject({ code: 'FETCHSTACK_OAUTH_REFUSED', error: 'invalid_client' })
    expect(as.server.count()).toBe(1)
  })

  it('and so does a second one', async () => {
    await using as = await authorizationServer(({ number }) =>
      // Further away each time, so that there is always something to correct.
      faults.status(
        401,
        { date: new Date(Date.now() + number * 3_600_000).toUTCString() },
        { error: 'invalid_client' },
      ),
    )
    const client = { id: 'me', auth: clientAuth.privateKeyJwt((await pair()).privateKey) }
    expect(await as.failure({ client })).toMatchObject({ code: 'FETCHSTACK_OAUTH_REFUSED' })
    expect(as.server.count()).toBe(2)
  })
})
