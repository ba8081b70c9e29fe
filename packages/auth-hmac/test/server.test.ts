import { createHmac } from 'node:crypto'
import { auth } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { type FaultyServer, faults, faultyServer, type ReceivedRequest } from '@fetchstack/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hmac } from '../src/index.ts'

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

const scheme = hmac({ key: 'key', preset: 'slack' })
const api = (...args: Parameters<typeof fetch>) =>
  HandlerStack.create()
    .push(auth(scheme, { origins: server.url }))
    .toFetch()(...args)

/** As Slack's documents say, from the bytes that came. */
function signatureOf({ headers, body }: ReceivedRequest): string {
  const mac = createHmac('sha256', 'key').update(`v0:${headers['x-slack-request-timestamp']}:`).update(body)
  return `v0=${mac.digest('hex')}`
}

const form = (): FormData => {
  const form = new FormData()
  form.set('a', 'é')
  form.set('file', new Blob(['\0\xff'], { type: 'image/png' }), 'a.png')
  return form
}

describe('over the wire, the signature is that of the bytes that came', () => {
  it.each<[string, () => object, string?]>([
    ['no body', () => ({}), ''],
    ['a text', () => ({ body: 'héllo' }), 'héllo'],
    ['bytes', () => ({ body: new Uint8Array([0, 104, 105]).subarray(1) }), 'hi'],
    ['a Blob', () => ({ body: new Blob(['{}'], { type: 'application/json' }) }), '{}'],
    ['URLSearchParams', () => ({ body: new URLSearchParams({ a: '1 2' }) }), 'a=1+2'],
    ['a FormData', () => ({ body: form() })],
    ['a stream', () => ({ body: new Response('flow').body, duplex: 'half' }), 'flow'],
  ])('%s', async (_, init, text) => {
    await (await api(`${server.url}/hook`, { method: 'POST', ...init() })).text()
    const [got] = server.requests
    expect(got!.headers['x-slack-signature']).toBe(signatureOf(got!))
    if (text !== undefined) expect(got!.text).toBe(text)
  })

  it('a Request', async () => {
    await (await api(new Request(`${server.url}/hook`, { method: 'POST', body: form() }))).text()
    const [got] = server.requests
    expect(got!.headers['x-slack-signature']).toBe(signatureOf(got!))
    expect(got!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  })
})

it('another origin sees nothing of it, neither asked nor after a redirect', async () => {
  server.route('/away', faults.redirect(`${other.url}/x`, 307))
  await (await api(`${other.url}/x`, { method: 'POST', body: 'a' })).text()
  await expect(api(`${server.url}/away`)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
  const seen = other.requests.flatMap(({ headers }) => Object.keys(headers).filter((name) => name.includes('slack')))
  expect([other.count(), seen]).toEqual([1, []])
})
