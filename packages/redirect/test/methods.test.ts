import { fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
import { faults } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { redirect } from '../src/index.ts'
import { rejection, twoServers, withRedirect } from './helpers.ts'

const servers = twoServers()
const api = withRedirect()
const STATUSES = [301, 302, 303, 307, 308]

/** What the server got for the last request. */
function last() {
  const { method, text, headers } = servers.home.requests.at(-1)!
  return { method, text, type: headers['content-type'] }
}

function route(status: number): string {
  servers.home.route('/old/:status', faults.ok()).route('/new', faults.ok('new'))
  servers.home.route(`/old/${status}`, faults.ok())
  return servers.home.route(`/from/${status}`, faults.redirect('/new', status)).url + `/from/${status}`
}

describe('the method and the body are those of fetch itself', () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  it.each(STATUSES.flatMap((status) => methods.map((method) => [status, method] as const)))(
    '%i of a %s',
    async (status, method) => {
      const url = route(status)
      const body = ['GET', 'HEAD'].includes(method) ? {} : { body: 'hello' }
      const init = { method, ...body, headers: { 'content-language': 'de', 'x-mine': '1' } }
      const theirs = await fetch(url, init)
      const expected = servers.home.requests.at(-1)!
      const ours = await api(url, init)
      const got = servers.home.requests.at(-1)!
      expect([got.method, got.text, got.path]).toEqual([expected.method, expected.text, '/new'])
      // undici keeps a length on the second request that was its own, so only the names that the caller can set.
      const { 'content-language': language, 'content-type': type, 'x-mine': mine } = got.headers
      expect([language, type, mine]).toEqual(
        ['content-language', 'content-type', 'x-mine'].map((name) => expected.headers[name]),
      )
      expect([ours.status, ours.url, ours.redirected, await ours.text()]).toEqual([
        theirs.status,
        theirs.url,
        theirs.redirected,
        await theirs.text(),
      ])
    },
  )
})

describe('strict', () => {
  it.each([301, 302])('keeps POST and its body at %i', async (status) => {
    await withRedirect({ strict: true })(route(status), { method: 'POST', body: 'hello' })
    expect(last()).toMatchObject({ method: 'POST', text: 'hello' })
  })

  it('changes nothing at 303: that says GET', async () => {
    await withRedirect({ strict: true })(route(303), { method: 'POST', body: 'hello' })
    expect(last()).toMatchObject({ method: 'GET', text: '' })
  })
})

it('headers that describe the body go with it', async () => {
  const headers = {
    'content-type': 'text/x',
    'Content-Encoding': 'identity',
    'content-language': 'de',
    'content-location': '/a',
    'content-digest': 'sha-256=:YQ==:',
    'repr-digest': 'sha-256=:YQ==:',
    digest: 'x',
    'last-modified': 'Tue, 01 Jan 2030 00:00:00 GMT',
    accept: 'text/plain',
    'If-Match': '"1"',
  }
  await api(route(303), { method: 'POST', body: 'hello', headers })
  const names = Object.keys(servers.home.requests[1]!.headers)
  expect(names).toEqual(expect.arrayContaining(['accept', 'if-match']))
  expect(names.filter((name) => /^content-|digest|last-/.test(name))).toEqual([])
})

describe('a body that is kept', () => {
  const bodies: [string, () => RequestInit['body'], string][] = [
    ['text', () => 'hello', 'hello'],
    ['bytes', () => new TextEncoder().encode('hello'), 'hello'],
    ['a Blob', () => new Blob(['hello']), 'hello'],
    ['URLSearchParams', () => new URLSearchParams({ a: 'b' }), 'a=b'],
  ]
  it.each(bodies)('is sent again: %s', async (_, body, text) => {
    await api(route(307), { method: 'PUT', body: body()! })
    expect(servers.home.requests.map((request) => request.text)).toEqual([text, text])
  })

  it('is sent again: FormData, with its boundary', async () => {
    const body = new FormData()
    body.set('a', 'b')
    await api(route(308), { method: 'POST', body })
    const boundary = last().type!.split('boundary=')[1]!
    expect(last().text).toContain(boundary)
  })

  it('is made anew by a function', async () => {
    let made = 0
    const body = () => new Blob([`body ${++made}`]).stream()
    await api(route(307), { method: 'POST', body })
    expect(servers.home.requests.map(({ text }) => text)).toEqual(['body 1', 'body 2'])
  })

  it('is sent again over several hops when it came in a Request', async () => {
    servers.home
      .route('/a', faults.redirect('/b', 307))
      .route('/b', faults.redirect('/c', 308))
      .route('/c', faults.ok('c'))
    const headers = { 'content-type': 'text/x', 'x-mine': '1' }
    const request = new Request(`${servers.home.url}/a`, { method: 'POST', body: 'hello', headers })
    const response = await api(request)
    expect(response.url).toBe(`${servers.home.url}/c`)
    for (const got of servers.home.requests) {
      expect(got).toMatchObject({ method: 'POST', text: 'hello', headers })
    }
    expect(servers.home.count()).toBe(3)
  })

  it('leaves with 303 when it came in a Request', async () => {
    const request = new Request(route(303), { method: 'POST', body: 'hello', headers: { 'x-mine': '1' } })
    await api(request)
    expect(last()).toEqual({ method: 'GET', text: '', type: undefined })
    expect(servers.home.requests[1]!.headers['x-mine']).toBe('1')
  })
})

describe('a stream', () => {
  const stream = () => new Blob(['hello']).stream()

  it.each([307, 308])("can't be sent again: %i is an error, and the redirect is in it", async (status) => {
    const url = route(status)
    const error = await rejection(api(url, { method: 'POST', body: stream(), duplex: 'half' }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ name: 'RedirectError', code: 'FETCHSTACK_REDIRECT_BODY' })
    expect(error.message).toBe(
      `[POST] ${url}: the redirect (${status} to /new) is not followed: the body is a stream or was read. ` +
        'To send it again, give a function that makes it.',
    )
    expect(error.response.status).toBe(status)
    expect(servers.home.count()).toBe(1)
  })

  it.each([301, 302, 303])('is not needed again at %i', async (status) => {
    const response = await api(route(status), { method: 'POST', body: stream(), duplex: 'half' })
    expect(await response.text()).toBe('new')
    expect(last()).toMatchObject({ method: 'GET', text: '' })
  })
})

it('fields that are not known here survive a hop', async () => {
  const seen: unknown[] = []
  const init = { cf: { a: 1 }, headers: { 'x-mine': '1' } }
  const spy = fetchHandler((input, init) => {
    seen.push((init as { cf?: unknown } | undefined)?.cf)
    return fetch(input, init)
  })
  await HandlerStack.create(spy).push(redirect()).toFetch()(route(302), init)
  expect(seen).toEqual([init.cf, init.cf])
})
