import { auth } from '@fetchstack/auth'
import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { type FaultyServer, faults, faultyServer, type ReceivedRequest } from '@fetchstack/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sigv4 } from '../src/index.ts'
import { smithyEngine } from '../src/smithy.ts'
import { authorization, EXAMPLE } from './helpers.ts'

let server: FaultyServer
let other: FaultyServer

beforeAll(async () => {
  server = await faultyServer({ routes: { '/away': 404, '/*': 200 } })
  other = await faultyServer({ routes: { '/*': 200 } })
})
beforeEach(() => {
  server.reset()
  other.reset()
})
afterAll(async () => {
  await server.close()
  await other.close()
})

const options = { credentials: { ...EXAMPLE, sessionToken: 'tok' }, region: 'eu-central-1', service: 'execute-api' }

/** As AWS does: from what came over the wire, with the other engine. */
async function verifies(got: ReceivedRequest): Promise<boolean> {
  const { signed, signature } = authorization(got.headers['authorization'])
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(got.body))).toString('hex')
  const names = signed.split(';').filter((name) => !['host', 'x-amz-date', 'x-amz-security-token'].includes(name))
  const stamp = got.headers['x-amz-date']!.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')
  const again = await smithyEngine()({
    ...EXAMPLE,
    sessionToken: got.headers['x-amz-security-token'],
    region: options.region,
    service: options.service,
    method: got.method,
    url: `http://${got.headers['host']}${got.url}`,
    headers: Object.fromEntries(names.map((name) => [name, got.headers[name]!])),
    time: Date.parse(stamp),
  })
  return authorization(again['authorization']).signature === signature && got.headers['x-amz-content-sha256'] === hash
}

const form = (): FormData => {
  const form = new FormData()
  form.set('a', 'é')
  form.set('file', new Blob(['\0\xff'], { type: 'image/png' }), 'a.png')
  return form
}

describe('over the wire, a server that computes the signature itself agrees, body byte for byte', () => {
  it.each<[string, () => object, string?]>([
    ['no body', () => ({ headers: { accept: 'text/plain' } })],
    ['a text', () => ({ method: 'POST', body: 'héllo' }), 'héllo'],
    ['bytes', () => ({ method: 'PUT', body: new Uint8Array([104, 105]) }), 'hi'],
    ['a part of bytes', () => ({ method: 'PUT', body: new Uint8Array([0, 104, 105, 0]).subarray(1, 3) }), 'hi'],
    ['a Blob', () => ({ method: 'POST', body: new Blob(['{}'], { type: 'application/json' }) }), '{}'],
    ['URLSearchParams', () => ({ method: 'POST', body: new URLSearchParams({ a: '1 2' }) }), 'a=1+2'],
    ['a FormData', () => ({ method: 'POST', body: form() })],
    ['a stream', () => ({ method: 'POST', body: new Response('flow').body, duplex: 'half' }), 'flow'],
    ['a function', () => ({ method: 'POST', body: () => 'made' }), 'made'],
  ])('%s', async (_, init, text) => {
    const layer = auth(sigv4(options), { origins: server.url })
    const api = HandlerStack.create().push(layer).toFetch()
    const response = await api(`${server.url}/a%20b/?q=1&b=%2F`, init())
    await response.arrayBuffer()
    const [got] = server.requests
    expect(await verifies(got!)).toBe(true)
    if (text !== undefined) expect(got!.text).toBe(text)
  })

  it('a Request with a body', async () => {
    const api = HandlerStack.create()
      .push(auth(sigv4(options), { origins: server.url }))
      .toFetch()
    await (await api(new Request(`${server.url}/r`, { method: 'POST', body: 'mine', headers: { 'x-a': 'b' } }))).text()
    expect(await verifies(server.requests[0]!)).toBe(true)
    expect([server.requests[0]!.text, server.requests[0]!.headers['x-a']]).toEqual(['mine', 'b'])
  })

  it('each attempt with a date of its own', async () => {
    let now = Date.now()
    const again: Middleware = (next) => async (request, call) => {
      await (await next(request, call)).arrayBuffer()
      now += 2000
      return next(request, call)
    }
    const layer = auth(sigv4(options), { origins: server.url, clock: { now: () => now } })
    const api = HandlerStack.create().push(again, 'again').push(layer).toFetch()
    await (await api(`${server.url}/`, { method: 'POST', body: form() })).text()
    expect(new Set(server.requests.map(({ headers }) => headers['x-amz-date'])).size).toBe(2)
    expect(await Promise.all(server.requests.map(verifies))).toEqual([true, true])
  })

  it('nothing of it at another origin, neither asked for nor after a redirect', async () => {
    server.route('/away', faults.redirect(`${other.url}/x`, 307))
    const api = HandlerStack.create()
      .push(auth(sigv4(options), { origins: server.url }))
      .toFetch()
    await (await api(`${other.url}/x`)).text()
    await expect(api(`${server.url}/away`)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
    expect(other.requests.map(({ headers }) => Object.keys(headers).filter((name) => /amz|auth/.test(name)))).toEqual([
      [],
    ])
  })
})
