import { HandlerStack, key } from '@fetchstack/handler-stack'
// The layers that stand above a terminal handler are no dependencies of it.
import { redirect } from '@fetchstack/redirect'
import { retry } from '@fetchstack/retry'
import { classify } from '@fetchstack/status-classifier'
import { timeout } from '@fetchstack/timeout'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type MtlsOptions, mtls } from '../src/index.ts'
import { fingerprint, type ServerOptions, selfSigned, startServer } from './support/server.ts'

const client = selfSigned()
const CLIENT = fingerprint(client.cert)
const at = key<string>('at')

/** A server and a handler for it, which are closed after the test. */
const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})
async function start(server: ServerOptions = {}, options: Partial<MtlsOptions> = {}) {
  const there = await startServer({ trust: client.cert, ...server })
  const handler = mtls({ origins: there.url, ...client, ca: there.certificate, ...options })
  open.push(there, { [Symbol.asyncDispose]: () => handler.destroy() })
  return { there, handler }
}

describe('with a retry above it', () => {
  it.each(['string', 'FormData', 'Request'])('a %s is sent again, after a status and after a reset', async (kind) => {
    const { there, handler } = await start({
      answer: (request, response, number) => {
        if (number === 1) response.writeHead(503, { 'retry-after': '0' }).end()
        else if (number === 2) request.socket.destroy()
        else response.end('done')
      },
    })
    const api = HandlerStack.create(handler)
      .push(retry({ schedule: () => 0 }))
      .toFetch()
    const form = new FormData()
    form.set('a', 'hello')
    const init = { method: 'PUT', body: kind === 'FormData' ? form : 'hello' }
    const response = await (kind === 'Request' ? api(new Request(there.url, init)) : api(there.url, init))
    expect(await response.text()).toBe('done')
    expect(there.requests.map(({ client }) => client)).toEqual([CLIENT, CLIENT, CLIENT])
    for (const { body } of there.requests) expect(body.toString()).toContain('hello')
  })

  it('a certificate that is not wanted is not tried again where the server says so', async () => {
    const { there, handler } = await start({ trust: selfSigned().cert })
    const error = await handler.fetch(there.url).catch((error: unknown) => error)
    expect(classify({ error }, { method: 'POST' })).not.toMatchObject({ retry: 'any' })
  })
})

it('a timeout above it ends the request, with its own reason, and the connection', async () => {
  const { there, handler } = await start({ answer: () => {} })
  const api = HandlerStack.create(handler).push(timeout(200)).toFetch()
  await expect(api(there.url)).rejects.toMatchObject({ name: 'TimeoutError' })
  await vi.waitUntil(() => there.open === 0)
})

it('a redirect layer above it follows within the origin, with the certificate on each hop', async () => {
  const { there, handler } = await start({
    answer: ({ url }, response) => void response.writeHead(url === '/a' ? 307 : 200, { location: '/b' }).end(),
  })
  const api = HandlerStack.create(handler).push(redirect()).toFetch()
  expect((await api(`${there.url}/a`, { method: 'POST', body: 'x' })).status).toBe(200)
  expect(there.requests.map(({ url, client, body }) => [url, client, body.toString()])).toEqual([
    ['/a', CLIENT, 'x'],
    ['/b', CLIENT, 'x'],
  ])
})

describe('its errors are those that the classifier knows', () => {
  const verdict = async (sent: Promise<unknown>) =>
    classify(
      {
        error: await sent.then(
          () => expect.unreachable('It was not rejected.'),
          (error: unknown) => error,
        ),
      },
      { method: 'POST' },
    )

  it('a server that nobody vouches for: never resent', async () => {
    const { there, handler } = await start({}, { ca: selfSigned().cert })
    expect(await verdict(handler.fetch(there.url))).toMatchObject({
      category: 'config',
      processed: 'no',
      retry: 'never',
    })
  })

  it('a port where nobody listens: not processed', async () => {
    const { there, handler } = await start()
    await there[Symbol.asyncDispose]()
    open.shift()
    expect(await verdict(handler.fetch(there.url))).toMatchObject({
      category: 'network',
      processed: 'no',
      retry: 'any',
      code: 'ECONNREFUSED',
    })
  })

  it('a connection that ends while the answer is waited for: may have been processed', async () => {
    const { there, handler } = await start({ answer: ({ socket }) => void socket.destroy() })
    expect(await verdict(handler.fetch(there.url))).toMatchObject({ category: 'network', processed: 'maybe' })
  })

  it('a handler that is closed: never resent', async () => {
    const { there, handler } = await start()
    await handler.close()
    expect(await verdict(handler.fetch(there.url))).toMatchObject({ category: 'config', retry: 'never' })
  })
})

it('what layers above leave in the call does not get in its way', async () => {
  const { there, handler } = await start()
  const api = HandlerStack.create(handler)
    .push((next) => (request, call) => {
      call.set(at, 'here')
      return next(request.withHeader('x-at', call.get(at)!), call)
    })
    .toFetch()
  expect((await api(there.url)).status).toBe(200)
  expect(there.requests[0]!.headers['x-at']).toBe('here')
})
