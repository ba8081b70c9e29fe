import { HandlerStack } from '@fetchstack/handler-stack'
import { type FaultyServer, faults, faultyServer, mockHandler } from '@fetchstack/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiKeyOptions, apiKey, auth, basic, bearer, bearerScheme } from '../src/index.ts'

// Two origins: they differ by their port.
let home: FaultyServer
let away: FaultyServer
let origins: string

beforeAll(async () => {
  home = await faultyServer()
  away = await faultyServer({ routes: { '*': faults.ok('away') } })
  origins = home.url
})
beforeEach(() => {
  home.reset()
  away.reset()
})
afterAll(() => Promise.all([home.close(), away.close()]))

const STATUSES = [301, 302, 303, 307, 308]

function redirects(status: number, to: string): string {
  return home.route(`/to/${status}/:any`, faults.redirect(to, status)).url + `/to/${status}/x`
}

/** Every header and the URL of all that a server got, as one text. */
function got(server: FaultyServer): string {
  return JSON.stringify(server.requests.map(({ url, headers }) => [url, headers]))
}

function fetchWith(middleware: ReturnType<typeof bearer>) {
  return HandlerStack.create().push(middleware).toFetch()
}

const keyed = (place: Parameters<typeof apiKey>[1], options?: Partial<ApiKeyOptions>) =>
  apiKey('tok3n', place, { origins, ...options })

describe.each(STATUSES)('a %i to another origin', (status) => {
  const bases: [string, () => ReturnType<typeof bearer>][] = [
    ['bearer', () => bearer('tok3n', { origins })],
    ['basic', () => basic('me', 'tok3n', { origins })],
    ['apiKey in authorization', () => keyed({ header: 'authorization', prefix: 'Token ' })],
  ]
  it.each(bases)('is followed by fetch without the credential: %s', async (_, middleware) => {
    const response = await fetchWith(middleware())(redirects(status, `${away.url}/v`))
    expect(await response.text()).toBe('away')
    expect(home.requests[0]!.headers['authorization']).toBeDefined()
    expect(away.requests[0]!.headers['authorization']).toBeUndefined()
    expect(got(away)).not.toContain('tok3n')
  })

  it.each([
    'x-api-key',
    'api-key',
    'apikey',
    'x-auth-token',
    'x-goog-api-key',
    'x-access-token',
    'private-token',
    'x-csrf-token',
    'dpop',
    'signature',
    'signature-input',
    'x-amz-security-token',
    'proxy-authorization',
    'cookie',
    'x-shopify-access-token',
  ])('is an error for a key in %s, and nobody else sees the key', async (header) => {
    const url = redirects(status, `${away.url}/v?next=s3cret`)
    const sent = fetchWith(keyed({ header }))(url, { method: 'POST', body: 'hello' })
    await expect(sent).rejects.toMatchObject({
      name: 'AuthError',
      code: 'FETCHSTACK_AUTH_REDIRECT',
      message:
        `[POST] ${url}: apiKey: the server redirects (${status} to ${away.url}/v?next=…), and ${header} would go along. ` +
        `Ask for the final URL, or set redirect to 'manual' or 'follow'.`,
    })
    expect(home.requests[0]!.headers[header]).toBe('tok3n')
    expect(away.requests).toEqual([])
  })

  it('is an error for a key in the query: the server may have copied it', async () => {
    const url = redirects(status, `${away.url}/v?key=tok3n`)
    const sent = fetchWith(keyed({ query: 'key' }))(url)
    await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
    await expect(sent).rejects.not.toThrow(/tok3n/)
    expect(away.requests).toEqual([])
  })

  it("is the response with redirect: 'manual'", async () => {
    const response = await fetchWith(keyed({}, { redirect: 'manual' }))(redirects(status, `${away.url}/v`))
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBe(`${away.url}/v`)
    expect(away.requests).toEqual([])
  })

  it("takes the key along with redirect: 'follow': this is what the default is for", async () => {
    const response = await fetchWith(keyed({}, { redirect: 'follow' }))(redirects(status, `${away.url}/v`))
    expect(await response.text()).toBe('away')
    expect(away.requests[0]!.headers['x-api-key']).toBe('tok3n')
  })
})

describe('a redirect within the origin', () => {
  it('is followed by fetch with authorization', async () => {
    home.route('/final', faults.ok('home'))
    const response = await fetchWith(bearer('tok3n', { origins }))(redirects(302, '/final'))
    expect(await response.text()).toBe('home')
    expect(home.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer tok3n', 'Bearer tok3n'])
  })

  it('is an error for any other header too: where the next one leads is not known before', async () => {
    const sent = fetchWith(keyed({}))(redirects(302, '/final'))
    await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
  })
})

describe('what the caller or a layer outside set as redirect holds', () => {
  it.each(['error', 'follow'] as const)(
    "'manual', as an option and on a Request, with redirect: '%s'",
    async (redirect) => {
      const api = fetchWith(keyed({}, { redirect }))
      const url = redirects(302, `${away.url}/v`)
      expect((await api(url, { redirect: 'manual' })).status).toBe(302)
      expect((await api(new Request(url, { redirect: 'manual' }))).status).toBe(302)
      expect((await api(new Request(url), { redirect: 'manual' })).status).toBe(302)
      expect(home.count()).toBe(3)
      expect(home.requests.every(({ headers }) => headers['x-api-key'] === 'tok3n')).toBe(true)
      expect(away.requests).toEqual([])
    },
  )

  it("'error'", async () => {
    const sent = fetchWith(keyed({}))(redirects(302, `${away.url}/v`), { redirect: 'error' })
    await expect(sent).rejects.toThrow(TypeError)
    expect(away.requests).toEqual([])
  })

  it("but 'follow' does not: every Request says so that was not told otherwise", async () => {
    const sent = fetchWith(keyed({}))(new Request(redirects(302, `${away.url}/v`)), { redirect: 'follow' })
    await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
  })

  it('a request that is passed on without a credential is followed', async () => {
    const api = fetchWith(keyed({}))
    const url = redirects(302, `${away.url}/v`)
    await api(url, { fetchstack: { auth: false } })
    await api(url, { headers: { 'x-api-key': 'mine' } })
    expect(away.count()).toBe(2)
  })
})

describe('what is no redirect', () => {
  it('comes back as the same object', async () => {
    for (const status of [200, 204, 300, 304, 401, 500]) {
      const location = { location: `${away.url}/v` }
      const response = new Response(null, { status, headers: location })
      const api = HandlerStack.create(mockHandler([response]))
        .push(keyed({}))
        .toFetch()
      expect(await api(home.url)).toBe(response)
    }
    const without = new Response(null, { status: 302 })
    expect(
      await HandlerStack.create(mockHandler([without]))
        .push(keyed({}))
        .toFetch()(home.url),
    ).toBe(without)
  })
})

it('a redirect that a browser hides is an error too', async () => {
  const opaque = Object.defineProperties(new Response(null), {
    status: { value: 0 },
    type: { value: 'opaqueredirect' },
  })
  const api = HandlerStack.create(mockHandler([opaque]))
    .push(keyed({}))
    .toFetch()
  await expect(api(home.url)).rejects.toMatchObject({
    code: 'FETCHSTACK_AUTH_REDIRECT',
    message: expect.stringContaining('apiKey: the server redirects, and x-api-key would go along.'),
  })
})

it('the response of a refused redirect is released', async () => {
  const response = new Response('moved', { status: 302, headers: { location: '/v' } })
  const api = HandlerStack.create(mockHandler([response]))
    .push(keyed({}))
    .toFetch()
  await expect(api(home.url)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
  expect(response.bodyUsed).toBe(true)
})

it('any scheme can be kept from redirects: where fetch is older than the rule for authorization', async () => {
  const sent = fetchWith(auth(bearerScheme('tok3n'), { origins, redirect: 'error' }))(redirects(302, `${away.url}/v`))
  await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
  expect(away.requests).toEqual([])
})
