import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { HandlerStack } from '@fetchstack/handler-stack'
import { Secret } from '@fetchstack/secret'
import * as undici from 'undici'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type MtlsOptions, mtls } from '../src/index.ts'
import { fingerprint, selfSigned, startServer, type TestServer } from './support/server.ts'

const client = selfSigned({ names: ['client.example'] })
const CLIENT = fingerprint(client.cert)
const roots = getCACertificates('default')

afterEach(() => {
  vi.unstubAllEnvs()
  setDefaultCACertificates(roots)
})

/** For one server, unless told otherwise. */
function forServer(server: TestServer, options: Partial<MtlsOptions> = {}) {
  return mtls({ origins: server.url, ...client, ca: server.certificate, ...options })
}
const seen = ({ requests }: TestServer) => requests.map(({ url, client }) => [url, client])

/** The chain of messages and codes of an error. */
async function reasons(sent: Promise<unknown>): Promise<string> {
  const parts: string[] = []
  let error: unknown = await sent.then(
    () => expect.unreachable('It was not rejected.'),
    (error: unknown) => error,
  )
  for (; error instanceof Error; error = error.cause)
    parts.push(`${error.message} ${(error as { code?: string }).code}`)
  return parts.join('\n')
}

describe('to the origins that are named', () => {
  it('the certificate is presented, and a server that insists on it answers', async () => {
    await using server = await startServer({ trust: client.cert, answer: (_, response) => response.end('in') })
    await using handler = forServer(server)
    const response = await HandlerStack.create(handler).toFetch()(`${server.url}/videos`)
    expect([response.status, await response.text(), response.url]).toEqual([200, 'in', `${server.url}/videos`])
    expect(seen(server)).toEqual([['/videos', CLIENT]])
  })

  it('also as a fetch, for clients that take one', async () => {
    await using server = await startServer({ trust: client.cert })
    await using handler = forServer(server)
    expect((await handler.fetch(new URL(server.url))).status).toBe(200)
  })

  it.each([
    ['as bytes', { cert: Buffer.from(client.cert), key: Buffer.from(client.key) }],
    ['as Secrets', { cert: Secret.of(client.cert), key: Secret.of(Buffer.from(client.key)) }],
    ['as strings of a chain', { cert: client.cert + selfSigned().cert, key: client.key }],
  ])('%s', async (_, identity) => {
    await using server = await startServer({ trust: client.cert })
    await using handler = forServer(server, identity)
    expect((await handler.fetch(server.url)).status).toBe(200)
  })

  it.each(['open sesame', Secret.of('open sesame')])('with an encrypted key and its passphrase', async (passphrase) => {
    const key = createPrivateKey(client.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'open sesame',
    })
    await using server = await startServer({ trust: client.cert })
    await using handler = forServer(server, { key: key.toString(), passphrase })
    expect((await handler.fetch(server.url)).status).toBe(200)
  })

  it('a redirect within the origin is followed with it', async () => {
    await using server = await startServer({
      trust: client.cert,
      answer: ({ url }, response) => {
        response.writeHead(url === '/a' ? 302 : 200, { location: '/b' }).end()
      },
    })
    await using handler = forServer(server)
    expect(await handler.fetch(`${server.url}/a`)).toMatchObject({ status: 200, redirected: true })
    expect(seen(server).flat()).toEqual(['/a', CLIENT, '/b', CLIENT])
  })
})

describe('to other origins', () => {
  it('a request goes without the certificate, and is checked with the roots of Node', async () => {
    await using server = await startServer()
    await using other = await startServer()
    await using handler = forServer(server)
    expect(await reasons(handler.fetch(other.url))).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
    setDefaultCACertificates([other.certificate])
    await using again = forServer(server)
    expect((await again.fetch(other.url)).status).toBe(200)
    expect(seen(other)).toEqual([['/', undefined]])
  })

  it.each([301, 302, 303, 307, 308])('a %i that leads there does not take it along', async (status) => {
    await using other = await startServer()
    await using plain = await startServer({ plain: true })
    setDefaultCACertificates([other.certificate])
    for (const { url, requests } of [other, plain]) {
      await using server = await startServer({
        answer: (_, response) => response.writeHead(status, { location: `${url}/end` }).end(),
      })
      await using handler = forServer(server)
      expect((await handler.fetch(server.url)).status).toBe(200)
      expect(seen(server)).toEqual([['/', CLIENT]])
      expect(requests.map(({ url, client }) => [url, client])).toEqual([['/end', undefined]])
    }
  })

  it('and back home it is presented again', async () => {
    let home = ''
    await using other = await startServer({
      answer: (_, response) => response.writeHead(302, { location: `${home}/end` }).end(),
    })
    setDefaultCACertificates([other.certificate])
    await using server = await startServer({
      trust: client.cert,
      answer: ({ url }, response) =>
        response.writeHead(url === '/' ? 302 : 200, { location: other.url, connection: 'close' }).end(),
    })
    home = server.url
    await using handler = forServer(server)
    expect((await handler.fetch(server.url)).status).toBe(200)
    expect([seen(server), seen(other)]).toEqual([
      [
        ['/', CLIENT],
        ['/end', CLIENT],
      ],
      [['/', undefined]],
    ])
  })

  it("with outside: 'error', nothing is sent and nothing connected, not on a redirect either", async () => {
    await using other = await startServer()
    await using plain = await startServer({ plain: true })
    for (const { url } of [other, plain]) {
      await using server = await startServer({
        answer: (_, response) => response.writeHead(302, { location: `${url}/` }).end(),
      })
      await using handler = forServer(server, { outside: 'error' })
      const refused = { name: 'MtlsError', code: 'FETCHSTACK_MTLS_OUTSIDE', origin: url }
      await expect(handler.fetch(`${url}/?key=hush`)).rejects.toMatchObject(refused)
      await expect(handler.fetch(server.url)).rejects.toMatchObject(refused)
    }
    expect([other.connections, plain.connections]).toEqual([0, 0])
  })

  it('a dispatcher that a call brings along is refused: it would go past the certificate', async () => {
    await using server = await startServer()
    await using handler = forServer(server)
    const init = { dispatcher: new undici.Agent() } as object
    await expect(handler.fetch(server.url, init)).rejects.toMatchObject({ code: 'FETCHSTACK_MTLS_DISPATCHER' })
    expect(server.connections).toBe(0)
  })
})

describe('whom it is presented to', () => {
  it('not to a server that nobody vouches for, and the environment can not switch that off', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    await using server = await startServer()
    await using handler = forServer(server, { ca: selfSigned().cert })
    expect(await reasons(handler.fetch(server.url))).toContain('SELF_SIGNED_CERT')
    expect(server.requests).toEqual([])
  })

  it('not to a server for another name, unless servername says so', async () => {
    await using server = await startServer({ trust: client.cert, names: ['bank.example'] })
    await using handler = forServer(server)
    expect(await reasons(handler.fetch(server.url))).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
    await using named = forServer(server, { servername: 'bank.example' })
    expect((await named.fetch(server.url)).status).toBe(200)
    expect(server.requests[0]!.servername).toBe('bank.example')
  })

  it('a Host header does not change which name is asked and checked for', async () => {
    await using server = await startServer({ names: ['localhost'] })
    const origin = `https://localhost:${server.port}`
    let connect: undici.buildConnector.connector | undefined
    class Agent extends undici.Agent {
      constructor(options: undici.Agent.Options) {
        super(options)
        connect = options.connect as undici.buildConnector.connector
      }
    }
    await using handler = forServer(server, { origins: origin, undici: { ...undici, Agent } })
    expect((await handler.fetch(origin, { headers: { host: 'evil.example' } })).status).toBe(200)
    expect(server.requests[0]).toMatchObject({ servername: 'localhost', client: CLIENT })
    // Some versions of undici drop that header of fetch; their dispatchers take the name from it.
    const target = {
      protocol: 'https:',
      host: `localhost:${server.port}`,
      hostname: 'localhost',
      port: `${server.port}`,
    }
    const name = await new Promise((resolve, reject) => {
      connect!({ ...target, servername: 'evil.example' }, (error, socket) => {
        if (error) return reject(error)
        resolve('servername' in socket && socket.servername)
        socket.destroy()
      })
    })
    expect(name).toBe('localhost')
  })
})

describe('a certificate that the server does not want', () => {
  it('rejects as fetch does, with the cause of the connection, and is not in it', async () => {
    await using server = await startServer({ trust: selfSigned().cert })
    await using handler = forServer(server)
    const error = await handler.fetch(server.url).catch((error: unknown) => error as Error)
    expect(error).toMatchObject({ name: 'TypeError', message: 'fetch failed', cause: expect.any(Error) })
    expect(server.requests).toEqual([])
  })
})

describe('connections', () => {
  it('speak HTTP/2 with a server that prefers it, with the certificate, and HTTP/1.1 with allowH2: false', async () => {
    const own = selfSigned()
    const tls = { ...own, ca: client.cert, requestCert: true, rejectUnauthorized: true, allowHTTP1: true }
    const server = createSecureServer(tls, ({ httpVersion, socket, stream }, response) => {
      const { session } = stream ?? {}
      const peer = (session?.socket ?? socket) as TLSSocket
      response.end(`${httpVersion} ${peer.getPeerX509Certificate()?.fingerprint256}`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const asked = async (agent: NonNullable<MtlsOptions['agent']>) => {
      await using handler = mtls({ origins: url, ...client, ca: own.cert, agent })
      const response = await handler.fetch(url, { method: 'POST', body: 'x' })
      return await response.text()
    }
    const got = [await asked({ allowH2: true }), await asked({ allowH2: false })]
    server.close()
    expect(got).toEqual([`2.0 ${CLIENT}`, `1.1 ${CLIENT}`])
  })

  it('are kept, and shared by what comes one after the other', async () => {
    await using server = await startServer({ trust: client.cert })
    await using handler = forServer(server, { agent: { connections: 1 } })
    for (let i = 0; i < 5; i++) await (await handler.fetch(server.url)).text()
    expect([server.requests.length, server.connections]).toEqual([5, 1])
  })

  it('the TLS session is taken up again on the next one, and still says who the client is', async () => {
    await using server = await startServer({
      trust: client.cert,
      answer: (_, response) => response.writeHead(200, { connection: 'close' }).end('bye'),
    })
    await using handler = forServer(server)
    for (let i = 0; i < 3; i++) await (await handler.fetch(server.url)).text()
    expect(server.connections).toBe(3)
    expect(server.requests.map(({ resumed, client }) => [resumed, client])).toEqual([
      [false, CLIENT],
      [true, CLIENT],
      [true, CLIENT],
    ])
  })

  it('many at once are answered, over no more connections than agent.connections', async () => {
    await using server = await startServer({
      trust: client.cert,
      answer: ({ url }, response) => response.end(url),
    })
    await using handler = forServer(server, { agent: { connections: 3 } })
    const urls = Array.from({ length: 60 }, (_, i) => `/${i}`)
    const texts = await Promise.all(urls.map(async (url) => (await handler.fetch(server.url + url)).text()))
    expect(texts).toEqual(urls)
    expect(server.connections).toBeLessThanOrEqual(3)
  })

  it('agent.connectTimeout holds for the handshake too', async () => {
    const { createServer } = await import('node:net')
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const sockets: { destroy(): void }[] = []
    silent.on('connection', (socket) => sockets.push(socket))
    await using handler = mtls({ origins: `https://127.0.0.1:${port}`, ...client, agent: { connectTimeout: 50 } })
    expect(await reasons(handler.fetch(`https://127.0.0.1:${port}`))).toContain('UND_ERR_CONNECT_TIMEOUT')
    for (const socket of sockets) socket.destroy()
    silent.close()
  })

  it('close waits for what is under way, ends all connections and refuses what comes later', async () => {
    let finish = (): void => {}
    await using server = await startServer({
      answer: (_, response) => {
        finish = () => response.end('done')
      },
    })
    const handler = forServer(server)
    const sent = handler.fetch(server.url)
    await vi.waitUntil(() => server.requests.length === 1)
    const closed = handler.close()
    expect(handler.close()).toBe(closed)
    finish()
    expect(await (await sent).text()).toBe('done')
    await closed
    await vi.waitUntil(() => server.open === 0)
    expect(await reasons(handler.fetch(server.url))).toContain('UND_ERR_DESTROYED')
  })

  it('destroy ends what is under way', async () => {
    await using server = await startServer({ answer: () => {} })
    const handler = forServer(server)
    const sent = reasons(handler.fetch(server.url))
    await vi.waitUntil(() => server.requests.length === 1)
    await handler.destroy()
    expect(await sent).toContain('UND_ERR_DESTROYED')
    await handler.close()
    await vi.waitUntil(() => server.open === 0)
  })
})

describe('aborts', () => {
  it('before it is sent: nothing connects', async () => {
    await using server = await startServer()
    await using handler = forServer(server)
    const reason = new Error('enough')
    await expect(handler.fetch(server.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(server.connections).toBe(0)
  })

  it('while the answer is waited for: the reason, and the connection ends', async () => {
    await using server = await startServer({ answer: () => {} })
    await using handler = forServer(server)
    const controller = new AbortController()
    const reason = new Error('enough')
    const sent = handler.fetch(new Request(server.url, { signal: controller.signal }))
    await vi.waitUntil(() => server.requests.length === 1)
    controller.abort(reason)
    await expect(sent).rejects.toBe(reason)
    await vi.waitUntil(() => server.open === 0)
  })

  it('while the body comes', async () => {
    await using server = await startServer({ answer: (_, response) => void response.write('half') })
    await using handler = forServer(server)
    const controller = new AbortController()
    const response = await handler.fetch(server.url, { signal: controller.signal })
    controller.abort()
    await expect(response.text()).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('the copy of undici that is handed in is the one that is used, for all of it', async () => {
  await using server = await startServer({ trust: client.cert })
  const used: string[] = []
  class Agent extends undici.Agent {
    constructor(options?: undici.Agent.Options) {
      super(options)
      used.push('Agent')
    }
  }
  const fetch: typeof undici.fetch = (input, init) => {
    used.push(String(init?.dispatcher instanceof Agent))
    return undici.fetch(input, init)
  }
  await using handler = forServer(server, { undici: { ...undici, Agent, fetch } })
  expect((await handler.fetch(server.url)).status).toBe(200)
  expect(used).toEqual(['Agent', 'true'])
})
