import { apiKey, basic, bearer } from '@fetchstack/auth'
import { Call, HandlerStack, HttpRequest, type Middleware } from '@fetchstack/handler-stack'
import { type FaultyServer, faults, mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { type RedirectOptions, redirect } from '../src/index.ts'
import { twoServers, withRedirect } from './helpers.ts'

const servers = twoServers()
const STATUSES = [301, 302, 303, 307, 308]
const SECRET = 'hush-Kf81'
const TRACES = [SECRET, btoa(`me:${SECRET}`)]

const HEADERS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'apikey',
  'x-auth-token',
  'x-goog-api-key',
  'ocp-apim-subscription-key',
  'dpop',
  'signature',
  'signature-input',
  'x-amz-security-token',
  'x-csrf-token',
  'x-access-token',
  'private-token',
  'x-hub-signature-256',
  'x-session-id',
  'x-client-secret',
  'x-vault-password',
  'accesskey',
  'x-authkey',
  'x-xsrf',
  'x-bearer',
  'client-assertion',
  'x-hmac',
]

/** All that a server got: headers and URLs. */
function got(server: FaultyServer): string {
  return JSON.stringify(server.requests.map(({ url, headers, text }) => [url, headers, text]))
}

function expectNone(server: FaultyServer): void {
  for (const trace of TRACES) expect(got(server)).not.toContain(trace)
}

function redirects(status: number, to: string): string {
  servers.away.route('/away', faults.ok('away'))
  servers.home.route('/home', faults.ok('home'))
  return servers.home.route(`/${status}`, faults.redirect(to, status)).route('/back', faults.ok()).url + `/${status}`
}

describe.each(STATUSES)('%i', (status) => {
  it('to another origin: no header that the caller set and that holds a credential goes along', async () => {
    const headers = Object.fromEntries(HEADERS.map((name) => [name, SECRET]))
    const harmless = { accept: 'text/plain', 'idempotency-key': 'i-1', 'x-author': 'me', 'x-request-id': '1' }
    const init = { method: 'POST', body: 'hello', headers: { ...headers, ...harmless } }
    const response = await withRedirect()(redirects(status, `${servers.away.url}/away`), init)
    expect(await response.text()).toBe('away')
    expect(servers.home.requests[0]!.headers).toMatchObject(headers)
    expectNone(servers.away)
    expect(servers.away.requests[0]!.headers).toMatchObject(harmless)
  })

  it('within the origin all of them do', async () => {
    const headers = Object.fromEntries(HEADERS.map((name) => [name, SECRET]))
    await withRedirect()(redirects(status, '/home'), { headers })
    expect(servers.home.requests[1]!.headers).toMatchObject(headers)
  })

  const schemes: [string, (origins: string) => Middleware][] = [
    ['bearer', (origins) => bearer(SECRET, { origins })],
    ['basic', (origins) => basic('me', SECRET, { origins })],
    ...(['x-api-key', 'dpop', 'x-mine'] as const).map(
      (header) =>
        [`apiKey in ${header}`, (origins: string) => apiKey(SECRET, { header }, { origins })] as [
          string,
          (origins: string) => Middleware,
        ],
    ),
    ['apiKey in the query', (origins) => apiKey(SECRET, { query: 'key' }, { origins })],
  ]

  it.each(schemes)('auth inside decides anew on each hop: %s', async (_, scheme) => {
    const api = HandlerStack.create().push(redirect()).push(scheme(servers.home.url)).toFetch()
    const away = await api(redirects(status, `${servers.away.url}/away`))
    expect(await away.text()).toBe('away')
    expect(TRACES.some((trace) => got(servers.home).includes(trace))).toBe(true)
    expectNone(servers.away)
    servers.home.reset()
    const home = await api(redirects(status, '/home'))
    expect(await home.text()).toBe('home')
    // The guard of auth stood down: a redirect within the origin is followed, with a credential on both hops.
    expect(servers.home.requests).toHaveLength(2)
    for (const { url, headers } of servers.home.requests) {
      expect(TRACES.some((trace) => JSON.stringify([url, headers]).includes(trace))).toBe(true)
    }
  })

  it.each(schemes)('auth inside gives the other origin its own: %s', async (_, scheme) => {
    const own = bearer('for-away', { origins: servers.away.url })
    const api = HandlerStack.create().push(redirect()).push(scheme(servers.home.url)).push(own, 'away').toFetch()
    await api(redirects(status, `${servers.away.url}/away`))
    expectNone(servers.away)
    expect(servers.away.requests[0]!.headers['authorization']).toBe('Bearer for-away')
  })

  it('what is left behind does not come back', async () => {
    servers.away.route('/bounce', faults.redirect(`${servers.home.url}/back`, status))
    await withRedirect()(redirects(status, `${servers.away.url}/bounce`), { headers: { 'x-api-key': SECRET } })
    expect(servers.home.requests.map(({ path, headers }) => [path, headers['x-api-key']])).toEqual([
      [`/${status}`, SECRET],
      ['/back', undefined],
    ])
  })
})

/** The second request of a call that is redirected, without a server. */
async function hop(to: string, headers: Record<string, string>, options?: RedirectOptions, call = new Call()) {
  const mock = mockHandler([new Response(null, { status: 307, headers: { location: to } }), 200])
  await redirect(options)(mock)(HttpRequest.from('https://a.example/', { headers }), call)
  return mock.last!.request
}

describe('which names', () => {
  it('what a layer of the call declares, headers and parameters', async () => {
    const call = new Call()
    call.declareCredentials({ headers: ['X-Mine'], query: ['Sig'] })
    const to = 'https://b.example/?a=%7e&sig=s3cret&SIG=s3cret&b'
    const next = await hop(to, { 'x-mine': 's3cret', 'x-other': '1' }, {}, call)
    expect(next.url).toBe('https://b.example/?a=%7e&b')
    expect(next.headers).toEqual({ 'x-other': '1' })
  })

  it('a parameter of that name stays within the origin', async () => {
    const call = new Call()
    call.declareCredentials({ query: ['sig'] })
    expect((await hop('/?sig=1', {}, {}, call)).url).toBe('https://a.example/?sig=1')
  })

  it('sensitive adds some', async () => {
    const sensitive = { headers: ['X-Tenant'], query: ['Trace'] }
    const next = await hop('https://b.example/?trace=1&a=b', { 'x-tenant': '1', accept: '*/*' }, { sensitive })
    expect([next.url, next.headers]).toEqual(['https://b.example/?a=b', { accept: '*/*' }])
  })

  it('keep lets some go along, to that origin alone', async () => {
    const keep = { 'https://b.example:443': ['X-Api-Key', 'host', 'sig'] }
    const headers = { 'x-api-key': 'k', authorization: 'a', host: 'a.example' }
    const declared = () => {
      const call = new Call()
      call.declareCredentials({ query: ['sig'] })
      return call
    }
    const kept = await hop('https://b.example/?sig=1', headers, { keep }, declared())
    expect([kept.url, kept.headers]).toEqual(['https://b.example/?sig=1', { 'x-api-key': 'k', host: 'a.example' }])
    for (const to of ['https://b.example:444/?sig=1', 'https://c.example/?sig=1', 'http://b.example/?sig=1']) {
      const next = await hop(to, headers, { keep, downgrade: 'follow' }, declared())
      expect([new URL(next.url).search, next.headers]).toEqual(['', {}])
    }
  })

  it('host and referer belong to the origin', async () => {
    expect((await hop('https://b.example', { Host: 'a.example', Referer: 'https://a.example/x' })).headers).toEqual({})
  })

  it('an idempotency key is no credential, nor is what only looks like one', async () => {
    const headers = {
      'idempotency-key': '1',
      'x-author': '1',
      'x-keyboard': '1',
      'x-authority': '1',
      'x-tokenizer': '1',
    }
    expect((await hop('https://b.example', headers)).headers).toEqual(headers)
  })
})

it('the caller sees the credential of a layer outside of redirect stay behind, too', async () => {
  const outside: Middleware = (next) => (request, call) => {
    call.declareCredentials({ headers: ['x-mine'] })
    return next(request.withHeader('x-mine', SECRET), call)
  }
  const api = HandlerStack.create().push(outside, 'outside').push(redirect()).toFetch()
  await api(redirects(302, `${servers.away.url}/away`))
  expect(servers.home.requests[0]!.headers['x-mine']).toBe(SECRET)
  expectNone(servers.away)
})

describe("the caller's own, where a layer of auth writes", () => {
  it.each([
    ['an origin of that layer', () => servers.home.url],
    ['an origin that is none of its', () => 'https://api.example.com'],
  ])('stays behind as well: %s', async (_, origins) => {
    const api = HandlerStack.create()
      .push(redirect())
      .push(apiKey('k', { header: 'x-mine' }, { origins: origins() }), 'a')
      .push(apiKey('k', { query: 'mine' }, { origins: origins() }), 'b')
      .toFetch()
    const url = redirects(302, `${servers.away.url}/away?mine=${SECRET}`)
    await api(`${url}?mine=${SECRET}`, { headers: { 'x-mine': SECRET } })
    expect(servers.home.requests[0]!.headers['x-mine']).toBe(SECRET)
    expect(servers.away.requests[0]!.url).toBe('/away')
    expectNone(servers.away)
  })
})
