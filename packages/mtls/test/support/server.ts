import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Certificate, selfSigned } from '../../../testing/src/server/certificate.ts'

export { type Certificate, selfSigned }

/** What a server got. */
export interface Got {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** Of the client's certificate; `undefined` when it presented none. */
  readonly client: string | undefined
  readonly servername: TLSSocket['servername']
  readonly resumed: boolean
}

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly certificate: string
  readonly requests: readonly Got[]
  /** Accepted since the start. */
  readonly connections: number
  /** Open now. */
  readonly open: number
}

export interface ServerOptions {
  /** Whose client certificates are accepted; a connection without one is refused. Default: any, and none, are accepted. */
  readonly trust?: string
  /** Host names of the server's own certificate. */
  readonly names?: readonly string[]
  /** Default: an empty 200. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse, number: number) => void
  readonly plain?: boolean
}

/** A real server that asks for a client certificate, and notes which one it got. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { trust, names = ['localhost', '127.0.0.1'], answer = (_, response) => response.end(), plain } = options
  const own = selfSigned({ names })
  const requests: Got[] = []
  let connections = 0
  const sockets = new Set<object>()

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url, headers } = request
    const socket = request.socket as TLSSocket
    const raw = socket.getPeerX509Certificate?.()
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return
    }
    requests.push({
      method,
      url,
      headers,
      body: Buffer.concat(chunks),
      client: raw?.fingerprint256,
      servername: socket.servername,
      resumed: socket.isSessionReused?.() ?? false,
    })
    answer(request, response, requests.length)
  }
  const handle = (request: IncomingMessage, response: ServerResponse): void => void receive(request, response)
  const server = plain
    ? createPlainServer(handle)
    : createServer(
        {
          ...own,
          requestCert: true,
          rejectUnauthorized: trust !== undefined,
          ...(trust !== undefined && { ca: trust }),
        },
        handle,
      )
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${plain ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    certificate: own.cert,
    requests,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** As a server sees it. */
export function fingerprint(certificate: string): string {
  const { raw } = new X509Certificate(certificate)
  const hex = createHash('sha256').update(raw).digest('hex').toUpperCase()
  return hex.match(/../g)!.join(':')
}
