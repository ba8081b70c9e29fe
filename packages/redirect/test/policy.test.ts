import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { faults, mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { isRedirectError, type Redirect, type RedirectOptions, redirect, redirectsOf } from '../src/index.ts'
import { rejection, twoServers, withRedirect } from './helpers.ts'

const servers = twoServers()

function chain(length: number): string {
  for (let hop = 0; hop < length; hop++) servers.home.route(`/${hop}`, faults.redirect(`/${hop + 1}`))
  return `${servers.home.route(`/${length}`, faults.ok('end')).url}/0`
}

/** Follows one redirect between any two URLs. */
function between(from: string, to: string, options?: RedirectOptions) {
  const mock = mockHandler([new Response(null, { status: 302, headers: { location: to } }), new Response('end')])
  return { mock, sent: HandlerStack.create(mock).push(redirect(options)).toFetch()(from) }
}

describe('max', () => {
  it('is 20, as for fetch', async () => {
    expect(await (await withRedirect()(chain(20))).text()).toBe('end')
    expect(servers.home.count()).toBe(21)
    await expect(fetch(chain(21))).rejects.toThrow(TypeError)
    servers.home.reset()
    const error = await rejection(withRedirect()(chain(21)))
    expect(error.code).toBe('FETCHSTACK_REDIRECT_TOO_MANY')
    expect(error.message).toContain('(302 to /21) is not followed: 20 were followed already.')
    expect(servers.home.count()).toBe(21)
  })

  it('the error has the redirect and what was followed before', async () => {
    const url = chain(3)
    const error = await rejection(withRedirect({ max: 2 })(url))
    expect(isRedirectError(error)).toBe(true)
    expect(error.response.headers.get('location')).toBe('/3')
    expect(error.response.bodyUsed).toBe(true)
    expect(error.request.url).toBe(`${servers.home.url}/2`)
    expect(error.redirects.map(({ to }) => new URL(to).pathname)).toEqual(['/1', '/2'])
  })

  it('0 follows none', async () => {
    expect(await rejection(withRedirect({ max: 0 })(chain(1)))).toMatchObject({
      code: 'FETCHSTACK_REDIRECT_TOO_MANY',
    })
  })

  it('can be set for one call', async () => {
    const sent = withRedirect()(chain(2), { fetchstack: { redirect: { max: 1 } } })
    expect((await rejection(sent)).code).toBe('FETCHSTACK_REDIRECT_TOO_MANY')
  })
})

describe('from https to http', () => {
  it('is refused', async () => {
    const { mock, sent } = between('https://example.com/', 'http://example.com/')
    expect((await rejection(sent)).code).toBe('FETCHSTACK_REDIRECT_DOWNGRADE')
    expect(mock.count).toBe(1)
  })

  it('is followed where that is said', async () => {
    const { mock, sent } = between('https://example.com/', 'http://example.com/', { downgrade: 'follow' })
    await sent
    expect(mock.last!.request.url).toBe('http://example.com/')
  })

  it('the other way round it is followed', async () => {
    expect(await (await between('http://example.com/', 'https://example.com/').sent).text()).toBe('end')
  })
})

describe('protocols', () => {
  it('may be https alone, for http as well', async () => {
    const { mock, sent } = between('http://example.com/', 'http://example.com/new', { protocols: ['https'] })
    const error = await rejection(sent)
    expect(error.code).toBe('FETCHSTACK_REDIRECT_PROTOCOL')
    expect(mock.count).toBe(1)
  })
})

describe('sameOrigin', () => {
  it('refuses what leaves the origin: by scheme, host or port', async () => {
    for (const to of [
      'http://example.com/',
      'https://www.example.com/',
      'https://example.com:444/',
      '//evil.example',
    ]) {
      const { mock, sent } = between('https://example.com/', to, { sameOrigin: true })
      expect((await rejection(sent)).code).toBe('FETCHSTACK_REDIRECT_ORIGIN')
      expect(mock.count).toBe(1)
    }
  })

  it('follows within it', async () => {
    const { sent } = between('https://example.com/', 'https://example.com:443/new', { sameOrigin: true })
    expect(await (await sent).text()).toBe('end')
  })
})

describe('onRedirect', () => {
  it('sees the next request, the redirect, the response and the call', async () => {
    const seen: unknown[] = []
    const call = new Call()
    const mock = mockHandler([new Response(null, { status: 303, headers: { location: '/new?k=v' } }), 200])
    const layer = redirect({
      onRedirect(next, redirect, response, call) {
        seen.push([next.method, next.url, redirect, response.status, call])
      },
    })
    await layer(mock)(HttpRequest.from('https://example.com/old', { method: 'PUT', body: 'x' }), call)
    const expected: Redirect = {
      status: 303,
      method: 'PUT',
      from: 'https://example.com/old',
      to: 'https://example.com/new?k=v',
    }
    expect(seen).toEqual([['GET', 'https://example.com/new?k=v', expected, 303, call]])
  })

  it('false: the redirect is the response, unread', async () => {
    servers.home.route('/old', faults.status(302, { location: '/new' }, 'moved'))
    const response = await withRedirect({ onRedirect: () => false })(`${servers.home.url}/old`)
    expect([response.status, await response.text(), response.redirected]).toEqual([302, 'moved', false])
    expect(servers.home.count()).toBe(1)
  })

  it('false after a hop: the response says that there was one', async () => {
    const onRedirect = (_: HttpRequest, { from }: Redirect) => (from.endsWith('/1') ? false : undefined)
    const response = await withRedirect({ onRedirect })(chain(3))
    expect([response.status, response.url, response.redirected]).toEqual([302, `${servers.home.url}/1`, true])
  })

  it('another request is sent in its place, and fetch does not follow that one either', async () => {
    servers.home.route('/old', faults.redirect('/a')).route('/b', faults.redirect('/c')).route('/c', faults.ok('c'))
    const hops: string[] = []
    const onRedirect = (next: HttpRequest, { to }: Redirect) => {
      hops.push(new URL(to).pathname)
      if (hops.length === 1) return HttpRequest.from(`${servers.home.url}/b`, { headers: { 'x-mine': '1' } })
      return next.withHeader('x-mine', '2')
    }
    const response = await withRedirect({ onRedirect })(`${servers.home.url}/old`)
    expect(await response.text()).toBe('c')
    expect(hops).toEqual(['/a', '/c'])
    expect(servers.home.requests.map(({ path, headers }) => [path, headers['x-mine']])).toEqual([
      ['/old', undefined],
      ['/b', '1'],
      ['/c', '2'],
    ])
  })

  it.each([
    [
      'what it throws rejects the call',
      () => {
        throw new RangeError('no')
      },
      RangeError,
    ],
    ['a promise is refused', () => Promise.resolve(undefined), TypeError],
  ])('%s, and the redirect is released', async (_, onRedirect, type) => {
    const response = new Response('moved', { status: 307, headers: { location: '/new' } })
    const layer = redirect({ onRedirect: onRedirect as unknown as () => undefined })
    const sent = HandlerStack.create(mockHandler([response]))
      .push(layer)
      .toFetch()
    const request = new Request('https://example.com', { method: 'POST', body: 'x' })
    await expect(sent(request)).rejects.toThrow(type)
    expect(response.bodyUsed).toBe(true)
  })
})

describe('what the caller says of redirects holds', () => {
  const url = () => chain(1)

  it.each([
    ['in init', () => [url(), { redirect: 'manual' }]],
    ['on a Request', () => [new Request(url(), { redirect: 'manual' }), undefined]],
    ['in init over a Request', () => [new Request(url()), { redirect: 'manual' }]],
  ] as [string, () => [string | Request, RequestInit | undefined]][])("'manual' %s", async (_, input) => {
    const response = await withRedirect()(...(input() as [string, undefined]))
    expect([response.status, response.headers.get('location'), response.redirected]).toEqual([302, '/1', false])
    expect(servers.home.count()).toBe(1)
  })

  it("'error': a TypeError as from fetch, that says where to", async () => {
    const error = await rejection(withRedirect()(url(), { redirect: 'error' }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.code).toBe('FETCHSTACK_REDIRECT_REFUSED')
    expect(error.message).toContain("(302 to /1) is not followed: the request says redirect: 'error'.")
    expect(servers.home.count()).toBe(1)
  })

  it("'error': a redirect without a Location, too, as from fetch", async () => {
    const none = `${servers.home.route('/none', faults.status(302)).url}/none`
    await expect(fetch(none, { redirect: 'error' })).rejects.toThrow(TypeError)
    expect((await rejection(withRedirect()(none, { redirect: 'error' }))).code).toBe('FETCHSTACK_REDIRECT_REFUSED')
  })

  it("'error': what is no redirect is passed on", async () => {
    expect((await withRedirect()(chain(0), { redirect: 'error' })).status).toBe(200)
  })

  it("'follow', in init over a Request that says 'manual'", async () => {
    const response = await withRedirect()(new Request(url(), { redirect: 'manual' }), { redirect: 'follow' })
    expect(response.status).toBe(200)
  })

  it('false as the option of the call: the redirect is the response', async () => {
    const response = await withRedirect()(url(), { fetchstack: { redirect: false } })
    expect(response.status).toBe(302)
    expect(servers.home.count()).toBe(1)
  })

  it("mode 'no-cors' is left to fetch: the standard refuses any other redirect mode then", async () => {
    const mock = mockHandler([200])
    await HandlerStack.create(mock).push(redirect()).toFetch()('https://example.com', { mode: 'no-cors' })
    expect(mock.last!.request.init).toEqual({ mode: 'no-cors' })
  })
})

describe('what is no redirect', () => {
  it.each([200, 201, 300, 304, 305, 306, 310, 399, 401, 503])(
    '%i with a Location is the same object',
    async (status) => {
      const given = new Response(null, { status, headers: { location: '/new' } })
      const response = await HandlerStack.create(mockHandler([given]))
        .push(redirect())
        .toFetch()('https://example.com')
      expect(response).toBe(given)
      expect(Object.getOwnPropertyNames(response)).toEqual(Object.getOwnPropertyNames(new Response()))
    },
  )

  it.each([301, 302, 303, 307, 308])('%i without a Location is one neither', async (status) => {
    const given = new Response(null, { status })
    const response = await HandlerStack.create(mockHandler([given]))
      .push(redirect())
      .toFetch()('https://example.com')
    expect(response).toBe(given)
  })
})

describe('referer', () => {
  const refererOf = async (from: string, to: string, options: RedirectOptions, init?: RequestInit) => {
    const mock = mockHandler([new Response(null, { status: 302, headers: { location: to } }), 200])
    const layer = redirect(options)
    const call = new Call()
    call.declareCredentials({ query: ['Key'] })
    await layer(mock)(HttpRequest.from(from, init), call)
    return mock.last!.request.header('referer')
  }
  const on = { referer: true }

  it.each([
    ['within the origin, the URL', 'https://a.example/x?y=z#top', '/new', 'https://a.example/x?y=z'],
    ['without a credential in the query', 'https://a.example/x?key=s3cret&y=%7e', '/new', 'https://a.example/x?y=%7e'],
    ['without a user name', 'https://me:pw@a.example/x', '/new', 'https://a.example/x'],
    ['elsewhere, the origin', 'https://a.example/x?y=z', 'https://b.example/', 'https://a.example/'],
    ['from http to https', 'http://a.example/x', 'https://b.example/', 'http://a.example/'],
  ])('%s', async (_, from, to, referer) => {
    expect(await refererOf(from, to, on)).toBe(referer)
    expect(await refererOf(from, to, on, { headers: { Referer: 'old' } })).toBe(referer)
  })

  it('never from https to http, not the one of the caller either', async () => {
    const options: RedirectOptions = { referer: true, downgrade: 'follow' }
    const init = { headers: { referer: 'https://a.example/secret' } }
    expect(await refererOf('https://a.example/x', 'http://a.example/', options, init)).toBeUndefined()
  })

  it('is off: the one of the caller stays within the origin', async () => {
    const init = { headers: { referer: 'https://mine.example/' } }
    expect(await refererOf('https://a.example/', '/new', {})).toBeUndefined()
    expect(await refererOf('https://a.example/', '/new', {}, init)).toBe('https://mine.example/')
    expect(await refererOf('https://a.example/', 'https://b.example/', {}, init)).toBeUndefined()
  })
})

describe('the trail and redirectsOf', () => {
  it('tell of each hop; the trail without query values', async () => {
    const mock = mockHandler([
      new Response(null, { status: 303, headers: { location: 'https://b.example/x?k=s3cret' } }),
      new Response(null, { status: 302, headers: { location: '/y' } }),
      200,
    ])
    const call = new Call()
    const headers = { 'X-Api-Key': 'k', 'content-type': 'text/x' }
    const request = HttpRequest.from('https://a.example/?q=s3cret', { method: 'POST', body: 'x', headers })
    const response = await redirect()(mock)(request, call)
    expect(call.trail).toEqual([
      {
        layer: 'redirect',
        event: 'redirect',
        attempt: 1,
        detail: {
          status: 303,
          from: 'https://a.example/?q=…',
          to: 'https://b.example/x?k=…',
          dropped: ['content-type', 'x-api-key'],
          wait: 0,
        },
      },
      {
        layer: 'redirect',
        event: 'redirect',
        attempt: 1,
        detail: { status: 302, from: 'https://b.example/x?k=…', to: 'https://b.example/y', dropped: [], wait: 0 },
      },
    ])
    const history = [
      { status: 303, method: 'POST', from: 'https://a.example/?q=s3cret', to: 'https://b.example/x?k=s3cret' },
      { status: 302, method: 'GET', from: 'https://b.example/x?k=s3cret', to: 'https://b.example/y' },
    ]
    expect(redirectsOf(response)).toEqual(history)
    expect(redirectsOf(response.clone())).toEqual(history)
    expect(Object.isFrozen(redirectsOf(response))).toBe(true)
  })

  it('tell of what was refused', async () => {
    const call = new Call()
    const mock = mockHandler([new Response(null, { status: 302, headers: { location: 'ftp://x' } })])
    await rejection(redirect()(mock)(HttpRequest.from('https://a.example'), call))
    expect(call.trail).toEqual([
      { layer: 'redirect', event: 'refuse', attempt: 1, detail: { status: 302, reason: 'PROTOCOL' } },
    ])
  })

  it('nothing is kept with track: false, nor without a redirect', async () => {
    expect(redirectsOf(await withRedirect({ track: false })(chain(1)))).toEqual([])
    expect(redirectsOf(await withRedirect()(chain(0)))).toEqual([])
  })
})
