import { faults } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redirectsOf } from '../src/index.ts'
import { locationOf } from '../src/location.ts'
import { rejection, twoServers, withRedirect } from './helpers.ts'

const servers = twoServers()
const api = withRedirect()

function to(location: string | string[]): string {
  servers.home.route('/dir/old', [faults.status(302, { location }), faults.ok()])
  return `${servers.home.url}/dir/old?a=b`
}

/** Where a `Location` leads, without a server: some can't be sent by Node's. */
function led(location: string, from = 'https://example.com/dir/old?a=b'): string | undefined {
  return locationOf({ headers: new Headers({ location }) } as Response, new URL(from))?.href
}

describe('a Location is resolved against the URL that was asked for', () => {
  it.each([
    ['/new', '/new'],
    ['new', '/dir/new'],
    ['../new', '/new'],
    ['?x=y', '/dir/old?x=y'],
    ['.', '/dir/'],
  ])('%s', async (location, path) => {
    const response = await api(to(location))
    expect(response.url).toBe(servers.home.url + path)
    expect(servers.home.requests[1]!.url).toBe(path)
  })

  it('//host/path is another origin', async () => {
    servers.away.route('/new', faults.ok('away'))
    const response = await api(to(`//${new URL(servers.away.url).host}/new`))
    expect(await response.text()).toBe('away')
  })
})

describe('the fragment (RFC 9110 §10.2.2)', () => {
  it.each([
    ['/new', 'https://example.com/#top', 'https://example.com/new#top'],
    ['/new#end', 'https://example.com/#top', 'https://example.com/new#end'],
    ['/new#', 'https://example.com/#top', 'https://example.com/new#'],
    ['/new', 'https://example.com/', 'https://example.com/new'],
  ])('%s from %s leads to %s', (location, from, target) => {
    expect(led(location, from)).toBe(target)
  })

  it('goes along from hop to hop', async () => {
    servers.home.route('/a', faults.redirect('/b')).route('/b', faults.redirect('/c')).route('/c', faults.ok())
    const response = await api(`${servers.home.url}/a#top`)
    expect(redirectsOf(response).map(({ to }) => new URL(to).hash)).toEqual(['#top', '#top'])
  })
})

describe('bytes beyond ASCII', () => {
  const raw = (bytes: Uint8Array) =>
    Buffer.concat([
      Buffer.from('HTTP/1.1 302 Found\r\nlocation: /'),
      bytes,
      Buffer.from('\r\ncontent-length: 0\r\n\r\n'),
    ])

  it.each([
    ['raw UTF-8', Buffer.from('grün', 'utf8')],
    ['raw Latin-1', Buffer.from('grün', 'latin1')],
  ])('%s is followed', async (_, bytes) => {
    servers.home.route('/raw', faults.raw(raw(bytes)))
    const response = await api(`${servers.home.url}/raw`)
    expect(servers.home.requests[1]!.url).toBe('/gr%C3%BCn')
    expect(response.url).toBe(`${servers.home.url}/gr%C3%BCn`)
  })

  it('a runtime may have decoded them', () => {
    const response = { headers: { get: () => '/日本' } } as unknown as Response
    expect(locationOf(response, new URL('https://example.com'))!.pathname).toBe('/%E6%97%A5%E6%9C%AC')
  })
})

describe('several Location headers', () => {
  it.each([
    ['two URLs', ['https://a.example/', 'https://b.example/']],
    ['two paths', ['/a', '/b']],
  ])('%s are an error', async (_, location) => {
    const error = await rejection(api(to(location)))
    expect(error.code).toBe('FETCHSTACK_REDIRECT_LOCATION')
    expect(servers.home.count()).toBe(1)
  })

  it('that are the same are one', async () => {
    expect((await api(to(['/new', '/new']))).url).toBe(`${servers.home.url}/new`)
  })

  it('a comma is part of a URL', () => {
    expect(led('/a,b?c=d, e')).toBe('https://example.com/a,b?c=d,%20e')
  })
})

describe('what can be no target', () => {
  it.each([
    ['http://', 'LOCATION'],
    ['https://exa mple/', 'LOCATION'],
    ['http://[::1', 'LOCATION'],
    ['ftp://example.com/', 'PROTOCOL'],
    ['file:///etc/passwd', 'PROTOCOL'],
    ['data:text/plain,hi', 'PROTOCOL'],
    ['javascript:alert(1)', 'PROTOCOL'],
    ['http://me:s3cret@127.0.0.1/', 'USERINFO'],
    ['http://me@127.0.0.1/', 'USERINFO'],
  ])('%s is %s', async (location, kind) => {
    const error = await rejection(api(to(location)))
    expect(error.code).toBe(`FETCHSTACK_REDIRECT_${kind}`)
    expect(error.message).not.toContain('s3cret')
    expect(error.response.headers.get('location')).toBe(location)
    expect(servers.home.count()).toBe(1)
  })
})

it('no Location makes it throw, and what it gives fits the origin that a URL parser sees', () => {
  const part = fc.constantFrom(
    '/',
    '\\',
    'http:',
    'https:',
    '@',
    ':',
    '#',
    '?',
    'a',
    '.',
    '..',
    ' ',
    '\t',
    'é',
    '%2f',
    ',',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(part).map((parts) => parts.join('')),
        fc.webUrl(),
      ),
      (location) => {
        const response = { headers: { get: () => location } } as unknown as Response
        const target = locationOf(response, new URL('https://example.com/dir/old#top'))
        if (target) expect(new URL(target.href).href).toBe(target.href)
      },
    ),
  )
})
