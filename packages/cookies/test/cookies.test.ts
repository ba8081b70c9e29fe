import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { redirect } from '@fetchstack/redirect'
import { faults, faultyServer, mockHandler } from '@fetchstack/testing'
import { CookieJar } from 'tough-cookie'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CookieJarError, type CookiesOptions, cookies, type Jar } from '../src/index.ts'

type Server = Awaited<ReturnType<typeof faultyServer>>
const servers = {} as { home: Server; away: Server }
beforeEach(async () => {
  servers.home = await faultyServer()
  servers.away = await faultyServer()
})
afterEach(() => Promise.all([servers.home.close(), servers.away.close()]))

/** Sends to URLs of any name, and tells the `Cookie` header of each request. */
function scripted(setCookie: readonly string[], jar: Jar = new CookieJar(), options?: CookiesOptions) {
  const seen: (string | undefined)[] = []
  let first = true
  const spy: Middleware = (next) => (request, call) => {
    seen.push(request.header('cookie'))
    return next(request, call)
  }
  const answer = () => {
    const headers = first ? setCookie.map((value): [string, string] => ['set-cookie', value]) : []
    first = false
    return new Response('', { headers })
  }
  const stack = HandlerStack.create(mockHandler(Array.from({ length: 9 }, () => answer)))
  return { fetch: stack.push(cookies(jar, options)).push(spy, 'spy').toFetch(), seen }
}

async function sentTo(
  url: string,
  setCookie: string[],
  from = 'https://shop.example.com/cart/',
  options?: CookiesOptions,
) {
  const { fetch, seen } = scripted(setCookie, new CookieJar(), options)
  await fetch(from)
  await fetch(url)
  return seen[1]
}

describe('cookies, on a real server', () => {
  it('sends on the second request what the first answer set, all of it', async () => {
    const { home } = servers
    const several = faults.raw(
      'HTTP/1.1 200 OK\r\nset-cookie: a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT\r\nset-cookie: b=2\r\ncontent-length: 0\r\n\r\n',
    )
    home.route('*', [several, 200])
    const fetch = HandlerStack.create().push(cookies(new CookieJar())).toFetch()
    await fetch(home.url)
    await fetch(home.url)
    expect(home.requests.map(({ headers }) => headers['cookie'])).toEqual([undefined, 'a=1; b=2'])
  })

  it('sends the cookie of a redirect on the request that follows it', async () => {
    const { home } = servers
    const login = faults.status(302, { location: '/welcome', 'set-cookie': 'session=1; Path=/; HttpOnly' })
    home.route('POST /login', login)
    home.route('GET /welcome', faults.ok('hello'))
    const stack = HandlerStack.create().push(redirect()).push(cookies(new CookieJar()))
    expect(stack.check()).toEqual([])
    expect(await (await stack.toFetch()(`${home.url}/login`, { method: 'POST', body: 'me' })).text()).toBe('hello')
    expect(home.requests[1]?.headers['cookie']).toBe('session=1')
  })

  it("leaves the caller's own Cookie behind where a redirect leads elsewhere", async () => {
    const { home, away } = servers
    home.route('*', faults.redirect(`${away.url}/there`))
    away.route('*', 200)
    const fetch = HandlerStack.create().push(redirect()).push(cookies(new CookieJar())).toFetch()
    await fetch(home.url, { headers: { cookie: 'mine=1' } })
    expect(home.requests[0]?.headers['cookie']).toBe('mine=1')
    expect(away.requests[0]?.headers).not.toHaveProperty('cookie')
  })

  it('stores what came from where fetch itself followed a redirect for that server', async () => {
    const { home, away } = servers
    const jar = new CookieJar()
    const other = away.url.replace('127.0.0.1', 'localhost')
    home.route('*', faults.redirect(`${other}/there`))
    away.route('*', faults.status(200, { 'set-cookie': 'evil=1' }))
    await HandlerStack.create().push(cookies(jar)).toFetch()(home.url)
    expect(await jar.getCookieString(home.url)).toBe('')
    expect(await jar.getCookieString(other)).toBe('evil=1')
  })
})

describe('cookies keep to where they belong', () => {
  it.each([
    ['the same host', 'https://shop.example.com/cart/x', 'a=1', 'a=1'],
    ['another host', 'https://other.example.com/cart/', 'a=1', undefined],
    ['a host below, without Domain', 'https://eu.shop.example.com/cart/', 'a=1', undefined],
    ['a host below, with Domain', 'https://eu.shop.example.com/cart/', 'a=1; Domain=shop.example.com', 'a=1'],
    ['another site', 'https://shop.example.org/cart/', 'a=1; Domain=shop.example.com', undefined],
    ['a public suffix', 'https://other.com/cart/', 'a=1; Domain=com', undefined],
    ['a Domain that is not its own', 'https://victim.org/cart/', 'a=1; Domain=victim.org', undefined],
    ['another path', 'https://shop.example.com/admin', 'a=1', undefined],
    ['a path that is wider', 'https://shop.example.com/admin', 'a=1; Path=/', 'a=1'],
    ['http, with Secure', 'http://shop.example.com/cart/', 'a=1; Secure', undefined],
    ['http, without', 'http://shop.example.com/cart/', 'a=1', 'a=1'],
    ['a program, with HttpOnly', 'https://shop.example.com/cart/', 'a=1; HttpOnly', 'a=1'],
    ['an expired one', 'https://shop.example.com/cart/', 'a=1; Max-Age=0', undefined],
    ['a broken __Host- name', 'https://shop.example.com/cart/', '__Host-a=1; Domain=shop.example.com', undefined],
  ])('%s', async (_, url, set, sent) => {
    expect(await sentTo(url, [set])).toBe(sent)
  })

  it.each(['', ';', '=', 'no value', '\t'])('leaves out what is no cookie (%j), and keeps the others', async (bad) => {
    expect(await sentTo('https://shop.example.com/cart/', [bad, 'a=1'])).toBe('a=1')
  })

  it('looks at SameSite only when it is told what the requests are', async () => {
    const url = 'https://shop.example.com/cart/'
    expect(await sentTo(url, ['a=1; SameSite=Strict'])).toBe('a=1')
    expect(await sentTo(url, ['a=1; SameSite=Strict'], url, { sameSite: 'none' })).toBeUndefined()
  })

  it('takes the last of a name', async () => {
    expect(await sentTo('https://shop.example.com/cart/', ['a=1', 'a=2'])).toBe('a=2')
  })
})

describe('cookies and the call', () => {
  it("takes the place of the caller's header where the jar has something, as Guzzle does", async () => {
    const { fetch, seen } = scripted(['a=1'])
    const init = { headers: { Cookie: 'mine=1' } }
    await fetch('https://shop.example.com/', init)
    await fetch('https://shop.example.com/', init)
    expect(seen).toEqual(['mine=1', 'a=1'])
  })

  it('neither sends nor stores with the per-call option false, and uses another jar that is given', async () => {
    const jar = new CookieJar()
    const { fetch, seen } = scripted(['a=1'], jar)
    const url = 'https://shop.example.com/'
    await fetch(url, { fetchstack: { cookies: false } })
    expect(await jar.getCookieString(url)).toBe('')
    const other = new CookieJar()
    await other.setCookie('b=2', url)
    await fetch(url, { fetchstack: { cookies: other } })
    expect(seen).toEqual([undefined, 'b=2'])
    await expect(fetch(url, { fetchstack: { cookies: true as never } })).rejects.toThrow(/CookieJar/)
  })

  it('declares the header as a credential', async () => {
    const declared: unknown[] = []
    const spy: Middleware = (next) => (request, call) => {
      declared.push(...call.credentials)
      return next(request, call)
    }
    const stack = HandlerStack.create(mockHandler([200]))
      .push(cookies(new CookieJar()))
      .push(spy)
    await stack.toFetch()('https://shop.example.com/')
    expect(declared).toEqual([{ headers: ['cookie'] }])
  })

  it('survives a jar that is saved and read back', async () => {
    const jar = new CookieJar()
    const { fetch } = scripted(['a=1; Max-Age=60'], jar)
    await fetch('https://shop.example.com/')
    const { fetch: later, seen } = scripted([], CookieJar.fromJSON(JSON.stringify(jar)))
    await later('https://shop.example.com/')
    expect(seen).toEqual(['a=1'])
  })
})

describe('a jar that fails', () => {
  const url = 'https://shop.example.com/?token=s3cret'

  it('is a CookieJarError that shows nothing, before anything is sent', async () => {
    const broken: Jar = { getCookieString: () => Promise.reject(new Error('a=s3cret')), setCookie: () => {} }
    const { fetch, seen } = scripted([], broken)
    const error = (await fetch(url).catch((reason: unknown) => reason)) as CookieJarError
    expect(error).toBeInstanceOf(CookieJarError)
    expect(error).toMatchObject({ code: 'FETCHSTACK_COOKIE_JAR', phase: 'read' })
    expect((error.cause as Error).message).toBe('a=s3cret')
    const { inspect } = await import('node:util')
    expect(inspect(error)).not.toContain('s3cret')
    expect(seen).toEqual([])
  })

  it('releases the response that it could not store the cookies of', async () => {
    const broken: Jar = {
      getCookieString: () => '',
      setCookie() {
        throw new Error('full')
      },
    }
    let cancelled = false
    const body = new ReadableStream({
      cancel() {
        cancelled = true
      },
    })
    const stack = HandlerStack.create(mockHandler([() => new Response(body, { headers: { 'set-cookie': 'a=1' } })]))
    await expect(stack.push(cookies(broken)).toFetch()(url)).rejects.toMatchObject({ phase: 'write' })
    expect(cancelled).toBe(true)
  })

  it('does not hold up an abort', async () => {
    const slow: Jar = { getCookieString: () => new Promise(() => {}), setCookie: () => {} }
    const { fetch } = scripted([], slow)
    const controller = new AbortController()
    const sent = fetch(url, { signal: controller.signal })
    controller.abort()
    await expect(sent).rejects.toBe(controller.signal.reason)
  })

  it('is refused at once when it is none, and so is an unknown option', () => {
    expect(() => cookies({} as never)).toThrow(/must be a CookieJar/)
    expect(() => cookies(new CookieJar(), { samesite: 'lax' } as never)).toThrow(/Did you mean "sameSite"/)
    expect(() => cookies(new CookieJar(), { sameSite: 'all' as never })).toThrow(/sameSite must be one of/)
  })
})
