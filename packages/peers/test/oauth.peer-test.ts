import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import { bearerFrom } from '@fetchstack/auth'
import { clientAuth, type OAuthTokenOptions, oauth } from '@fetchstack/auth-oauth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { fakeClock } from '@fetchstack/testing'
import { memoryStore, type TokenSource } from '@fetchstack/token-source'
import { fileStore } from '@fetchstack/token-source/file'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OAuthProvider, SECRET, startProvider } from './oauth-provider.ts'
import { type ResourceServer, startResourceServer } from './resource-server.ts'

let provider: OAuthProvider
let resource: ResourceServer

beforeAll(async () => {
  provider = await startProvider()
  resource = await startResourceServer(provider)
})
beforeEach(() => {
  provider.reset()
  resource.reset()
})
afterAll(async () => {
  await resource.close()
  await provider.close()
})

function options(changes: Partial<OAuthTokenOptions> = {}): OAuthTokenOptions {
  return {
    server: provider.issuer,
    client: { id: 'basic', auth: clientAuth.basic(SECRET) },
    grant: { type: 'client_credentials' },
    ...changes,
  }
}

function rotating(refreshToken: string): OAuthTokenOptions {
  const client = { id: 'rotating', auth: clientAuth.basic(SECRET) }
  return options({ client, grant: { type: 'refresh_token', refreshToken } })
}

function apiOf(source: TokenSource) {
  return HandlerStack.create()
    .push(bearerFrom(source, { origins: resource.url }))
    .toFetch()
}

describe('oidc-provider gives a token that the API takes', () => {
  it.each([
    ['client_secret_basic', () => ({ id: 'basic', auth: clientAuth.basic(SECRET) })],
    ['client_secret_post', () => ({ id: 'post', auth: clientAuth.post(async () => SECRET) })],
    ['private_key_jwt', () => ({ id: 'key', auth: clientAuth.privateKeyJwt({ key: provider.clientKey, kid: 'k1' }) })],
  ])('for %s', async (_method, client) => {
    const source = oauth(options({ client: client(), scope: 'read' }))
    const response = await apiOf(source)(`${resource.url}/videos`)
    expect([response.status, await response.text(), resource.refused]).toEqual([200, 'hello', []])
    expect(provider.tokenRequests.map(({ status }) => status)).toEqual([200])
    const token = source.peek()!
    expect(token).toMatchObject({ type: 'Bearer', scope: 'read' })
    expect(token.expiresAt! - token.issuedAt).toBe(600_000)
  })

  it('for a refresh token, which it rotates', async () => {
    const first = await provider.login()
    const source = oauth(rotating(first))
    const api = apiOf(source)
    for (let round = 0; round < 3; round++) {
      expect((await api(resource.url)).status).toBe(200)
      resource.revoke(source.peek()!.value.reveal())
    }
    const sent = provider.tokenRequests.map(({ form }) => form.get('refresh_token'))
    expect(sent).toHaveLength(3)
    expect(sent[0]).toBe(first)
    expect(new Set(sent).size).toBe(3)
    expect(provider.refusals).toEqual([])
  })

  it('for an assertion of a client whose clock is an hour slow, once it has seen the server’s', async () => {
    const clock = { now: () => Date.now() - 3_600_000 }
    const client = { id: 'key', auth: clientAuth.privateKeyJwt({ key: provider.clientKey, kid: 'k1' }) }
    const source = oauth(options({ client, clock }))
    await source.get()
    expect(provider.tokenRequests.map(({ status }) => status)).toEqual([401, 200])
  })
})

describe('1,000 callers with an ended token', () => {
  it('cause one token request, and late 401s for the old one cause none', async () => {
    const clock = fakeClock({ now: Date.now() })
    const source = oauth(options(), { clock })
    const api = apiOf(source)
    expect((await api(resource.url)).status).toBe(200)
    const old = await source.get()
    await clock.advance(600_000)
    const responses = await Promise.all(Array.from({ length: 1_000 }, async () => (await api(resource.url)).status))
    expect(new Set(responses)).toEqual(new Set([200]))
    expect(provider.tokenRequests).toHaveLength(2)
    const late = await Promise.all(Array.from({ length: 100 }, () => source.replace(old)))
    expect(new Set(late.map(({ value }) => value.reveal())).size).toBe(1)
    expect(provider.tokenRequests).toHaveLength(2)
  })

  it('and so do 1,000 callers whose token was revoked', async () => {
    const source = oauth(options())
    const api = apiOf(source)
    resource.revoke((await source.get()).value.reveal())
    const responses = await Promise.all(Array.from({ length: 1_000 }, async () => (await api(resource.url)).status))
    expect(new Set(responses)).toEqual(new Set([200]))
    expect(provider.tokenRequests).toHaveLength(2)
  })
})

describe('a rotated refresh token is never sent twice', () => {
  it('by several sources that share a store and its lock', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fetchstack-oauth-'))
    try {
      const file = join(folder, 'token.json')
      const first = await provider.login()
      const sources = Array.from({ length: 4 }, () =>
        oauth(rotating(first), { store: fileStore(file), failureBackoff: () => 0 }),
      )
      for (let round = 0; round < 5; round++) {
        await Promise.all(sources.map(async (source) => source.replace(await source.get())))
      }
      expectNoReplay()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('by several processes that share a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fetchstack-oauth-'))
    try {
      const script = fileURLToPath(new URL('oauth-process.ts', import.meta.url))
      const parameters = [provider.issuer, SECRET, join(folder, 'token.json'), await provider.login(), '10']
      const run = async () => (await promisify(execFile)(process.execPath, [script, ...parameters])).stdout
      const ends = await Promise.all([run(), run(), run()])
      expectNoReplay()
      const stored = (await fileStore(join(folder, 'token.json')).load())!.token.value.reveal()
      expect(ends).toContain(stored)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('and one that was: the provider revokes all, and it is not asked again', async () => {
    const first = await provider.login()
    const thief = oauth(rotating(first))
    await thief.get()
    const source = oauth(rotating(first), { store: memoryStore(), failureBackoff: () => 0 })
    const terminal = { code: 'FETCHSTACK_TOKEN_TERMINAL', cause: expect.objectContaining({ error: 'invalid_grant' }) }
    await expect(source.get()).rejects.toMatchObject(terminal)
    await expect(source.get()).rejects.toMatchObject(terminal)
    expect(provider.refusals).toEqual([expect.stringContaining('refresh token already used')])
    await expect(thief.replace(await thief.get())).rejects.toMatchObject(terminal)
    expect(provider.tokenRequests).toHaveLength(3)
  })
})

function expectNoReplay(): void {
  const sent = provider.tokenRequests.map(({ form }) => form.get('refresh_token'))
  expect(sent.length).toBeGreaterThan(4)
  expect(new Set(sent).size).toBe(sent.length)
  expect(provider.refusals).toEqual([])
}

describe('what the provider refuses', () => {
  it.each([
    ['a wrong secret', { client: { id: 'basic', auth: clientAuth.basic('wrong-hush') } }, 'invalid_client', 'TERMINAL'],
    [
      'an unknown client',
      { client: { id: 'nobody', auth: clientAuth.basic('wrong-hush') } },
      'invalid_client',
      'TERMINAL',
    ],
    [
      'a grant that the client may not use',
      { grant: { type: 'refresh_token', refreshToken: 'old-hush' } },
      'invalid_request',
      'REFRESH',
    ],
    [
      'a grant that it does not know',
      { grant: { type: 'jwt_bearer', assertion: 'hush' } },
      'unsupported_grant_type',
      'TERMINAL',
    ],
    ['a resource that is none', { resource: 'nonsense' }, 'invalid_target', 'REFRESH'],
  ] satisfies [string, Partial<OAuthTokenOptions>, string, string][])('%s', async (_what, changes, error, code) => {
    const failure = await oauth(options(changes))
      .get()
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: `FETCHSTACK_TOKEN_${code}`, cause: { error, status: expect.any(Number) } })
    expect(inspect(failure, { depth: 9 })).not.toContain('hush')
    expect(provider.tokenRequests).toHaveLength(1)
  })
})
