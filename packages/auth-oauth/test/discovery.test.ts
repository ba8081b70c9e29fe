import { type FaultyServer, faults } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { oauthToken } from '../src/index.ts'
import { authorizationServer, first } from './helpers.ts'

const OPENID = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'
const metadata = ({ url }: FaultyServer, issuer = url) => ({ issuer, token_endpoint: `${url}/token` })

describe('the metadata of an issuer', () => {
  it('are looked up before the first token, once', async () => {
    await using as = await authorizationServer()
    as.server.route(`GET ${OPENID}`, faults.ok(metadata(as.server)))
    const refresh = oauthToken(as.options({ server: as.server.url }))
    await refresh(first())
    await refresh(first())
    expect(as.server.requests.map(({ path }) => path)).toEqual([OPENID, '/token', '/token'])
    expect(as.server.requests[0]!.headers).not.toHaveProperty('authorization')
  })

  it('are those of RFC 8414 where there are none of OpenID; with a path, in its own place', async () => {
    await using as = await authorizationServer()
    const issuer = `${as.server.url}/tenant`
    as.server.route(`GET ${OAUTH}/tenant`, faults.ok(metadata(as.server, issuer)))
    await as.refresh({ server: new URL(issuer) })
    expect(as.server.requests.map(({ path }) => path)).toEqual([`/tenant${OPENID}`, `${OAUTH}/tenant`, '/token'])
  })

  it('are looked up again after a failure', async () => {
    await using as = await authorizationServer()
    as.server.route(`GET ${OPENID}`, [faults.status(503), faults.ok(metadata(as.server))])
    const refresh = oauthToken(as.options({ server: as.server.url }))
    await expect(refresh(first())).rejects.toMatchObject({ code: 'FETCHSTACK_OAUTH_METADATA', status: undefined })
    await expect(refresh(first())).resolves.toMatchObject({ type: 'Bearer' })
  })
})

describe('metadata that are not good', () => {
  it.each([
    ['of nobody', faults.status(404), /no metadata at .*openid-configuration \(404\), nor at .*server \(404\)\./],
    [
      'of another issuer',
      faults.ok({ issuer: 'https://evil.example', token_endpoint: 'https://evil.example/token' }),
      /of another issuer/,
    ],
    ['without a token endpoint', faults.ok({ issuer: 'self' }), /without a token_endpoint/],
    ['that are a page', faults.ok('<html>'), /no JSON/],
    ['of a server that fails', faults.status(500), /no metadata at .* \(500\)\./],
  ])('%s', async (_what, answer, message) => {
    await using as = await authorizationServer()
    const { url } = as.server
    const isSelf = answer.kind === 'status' && String(answer.body).includes('self')
    as.server.route('GET /*', isSelf ? faults.ok({ issuer: url }) : answer)
    const error = await as.failure({ server: url })
    expect(error).toMatchObject({ code: 'FETCHSTACK_OAUTH_METADATA', message: expect.stringMatching(message) })
    expect(as.server.count('POST /token')).toBe(0)
  })

  it('that redirect, or are too long', async () => {
    await using as = await authorizationServer()
    as.server.route('GET /*', [faults.redirect('/elsewhere'), faults.ok('x'.repeat(70_000))])
    expect(await as.failure({ server: as.server.url })).toMatchObject({ code: 'FETCHSTACK_OAUTH_REDIRECT' })
    expect(await as.failure({ server: as.server.url })).toMatchObject({ code: 'FETCHSTACK_OAUTH_TOO_LARGE' })
    expect(as.server.count('/elsewhere')).toBe(0)
  })

  it('with a token endpoint on plain http off loopback: nothing is sent there', async () => {
    await using as = await authorizationServer()
    const endpoint = 'http://login.example.com/token'
    as.server.route(`GET ${OPENID}`, faults.ok({ issuer: as.server.url, token_endpoint: endpoint }))
    const error = await as.failure({ server: as.server.url })
    expect(error).toMatchObject({ code: 'FETCHSTACK_OAUTH_INSECURE', message: expect.stringContaining(endpoint) })
  })
})
