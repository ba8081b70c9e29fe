import { Secret } from '@fetchstack/secret'
import { faults } from '@fetchstack/testing'
import { makeToken } from '@fetchstack/token-source'
import { describe, expect, it } from 'vitest'
import { authorizationServer, formOf, GRANTED, last } from './helpers.ts'

describe('what is asked', () => {
  it('client credentials: the grant, the scope, the resources, the audience and the parameters', async () => {
    await using as = await authorizationServer()
    const token = await as.refresh({
      scope: ['read', 'write'],
      resource: ['https://a.example.com', 'https://b.example.com'],
      audience: 'videos',
      params: { tenant: 'acme' },
    })
    const { text, headers } = last(as.server)
    expect([...new URLSearchParams(text)]).toEqual([
      ['scope', 'read write'],
      ['resource', 'https://a.example.com'],
      ['resource', 'https://b.example.com'],
      ['audience', 'videos'],
      ['tenant', 'acme'],
      ['grant_type', 'client_credentials'],
    ])
    expect(headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    })
    expect(token.value.reveal()).toBe('access-hush')
    expect(token).toMatchObject({ type: 'Bearer', scope: 'read write' })
  })

  it("a refresh: the current token's refresh token, and the given one for the first time", async () => {
    await using as = await authorizationServer()
    const grant = { type: 'refresh_token', refreshToken: Secret.of('first-hush') } as const
    await as.refresh({ grant })
    expect(formOf(last(as.server))).toEqual({ grant_type: 'refresh_token', refresh_token: 'first-hush' })
    await as.refresh({ grant }, { current: makeToken({ value: 'old', refreshToken: 'second-hush' }) })
    expect(formOf(last(as.server))).toEqual({ grant_type: 'refresh_token', refresh_token: 'second-hush' })
  })

  it('token exchange: the subject, the actor, and a source of its own for them (RFC 8693 §2.1)', async () => {
    await using as = await authorizationServer()
    await as.refresh({
      grant: {
        type: 'token_exchange',
        subjectToken: async () => Secret.of('subject-hush'),
        actorToken: 'actor-hush',
        actorTokenType: 'urn:ietf:params:oauth:token-type:jwt',
        requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      },
    })
    expect(formOf(last(as.server))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'subject-hush',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      actor_token: 'actor-hush',
      actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
  })

  it('a JWT: a new one each time (RFC 7523 §2.1)', async () => {
    await using as = await authorizationServer()
    let count = 0
    const grant = { type: 'jwt_bearer', assertion: () => `signed-${++count}` } as const
    await as.refresh({ grant })
    await as.refresh({ grant })
    expect(as.server.requests.map(formOf)).toEqual(
      [1, 2].map((number) => ({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: `signed-${number}`,
      })),
    )
  })

  it('a scope that an API misses: on top of the others, each once', async () => {
    await using as = await authorizationServer()
    await as.refresh({ scope: 'read' }, { reason: 'scope', scope: 'read admin' })
    expect(formOf(last(as.server))['scope']).toBe('read admin')
  })
})

describe('what is made of the answer', () => {
  it('the end by the clock, the refresh token, and the scope that was granted', async () => {
    await using as = await authorizationServer(
      faults.ok({ ...GRANTED, expires_in: '60', refresh_token: 'next-hush', scope: 'read' }),
    )
    const token = await as.refresh({ scope: 'read write', clock: { now: () => 1_000_000 } })
    expect(token).toMatchObject({ issuedAt: 1_000_000, expiresAt: 1_060_000, scope: 'read' })
    expect(token.refreshToken!.reveal()).toBe('next-hush')
  })

  it('no end where the server names none', async () => {
    await using as = await authorizationServer(faults.ok({ access_token: 'a', token_type: 'bearer' }))
    expect(await as.refresh()).not.toHaveProperty('expiresAt')
  })
})
