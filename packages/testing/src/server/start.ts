import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { checkFunction, checkNumber, checkOneOf, checkOptions } from '@fetchstack/options'
import { selfSigned } from './certificate.ts'
import { serveExchange } from './exchange.ts'
import { HOST, listen, reserveRefusedPort } from './ports.ts'
import type { ReceivedRequest } from './record.ts'
import { parsePattern } from './route.ts'
import { createRouter, SCRIPT_PATH } from './router.ts'
import { parseScript } from './script.ts'
import { trackSockets } from './sockets.ts'
import type { FaultyServer, FaultyServerOptions } from './types.ts'
import { createWatch } from './watch.ts'

/** Starts a server; the options have been checked. */
export async function startServer(options: FaultyServerOptions): Promise<FaultyServer> {
  const { routes = {}, port: wanted = 0, tls = false, keepBody = 16_777_216 } = options
  const router = createRouter()
  for (const [pattern, steps] of Object.entries(routes)) router.add(pattern, steps)

  const certificate = tls === false ? undefined : selfSigned(tls === true ? {} : tls)
  const receive = (request: IncomingMessage, response: ServerResponse) => {
    active++
    const context = { router, keepBody, number: requests.length + 1, wire: sockets.wireOf(request.socket) }
    requests.push(serveExchange(request, response, context, watch.changed))
    response.once('close', () => {
      active--
      watch.changed()
    })
    watch.changed()
  }
  const http = certificate === undefined ? createServer(receive) : createSecureServer(certificate, receive)
  // No timeout of the server's own may end what a script lets stall, nor close a connection that a client keeps alive.
  Object.assign(http, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0, timeout: 0 })

  let requests: ReceivedRequest[] = []
  let active = 0
  let scripts = 0
  let closed: Promise<void> | undefined
  const watch = createWatch(
    () => `${sockets.open} open sockets, ${active} requests under way, ${requests.length} requests received`,
  )
  const sockets = trackSockets(http, watch.changed)
  const port = await listen(http, wanted)
  const refused = await reserveRefusedPort()
  const scheme = certificate === undefined ? 'http' : 'https'

  const hangUp = async () => {
    const stopped = http.listening ? new Promise<unknown>((resolve) => http.close(resolve)) : undefined
    sockets.endAll()
    await stopped
    // A client in the same process has to read of it before it can know not to use the connection again.
    await nextTurn()
    await nextTurn()
  }

  const server: FaultyServer = {
    url: `${scheme}://${HOST}:${port}`,
    refusedUrl: `${scheme}://${HOST}:${refused.port}`,
    certificate: certificate?.cert,
    get requests() {
      return requests
    },
    get openSockets() {
      return sockets.open
    },
    get totalSockets() {
      return sockets.total
    },
    get activeRequests() {
      return active
    },
    route: (pattern, steps) => {
      router.add(pattern, steps)
      return server
    },
    script: (script, id = String(++scripts)) => {
      parseScript(script)
      return `${server.url}${SCRIPT_PATH}${toSegment(script)}/${encodeURIComponent(id)}`
    },
    count: (text) => {
      if (text === undefined) return requests.length
      const pattern = parsePattern('faultyServer.count', text)
      return requests.filter(({ method, path }) => pattern.matches(method, path)).length
    },
    reset: () => {
      requests = []
      router.rewind()
      sockets.recount()
    },
    refuse: async (how = 'closed') => {
      checkOneOf('faultyServer.refuse', 'how', how, ['closed', 'reset'])
      failIfClosed('refuse')
      sockets.rejecting = how === 'reset'
      await hangUp()
      if (sockets.rejecting) await listen(http, port)
    },
    accept: async () => {
      failIfClosed('accept')
      sockets.rejecting = false
      if (!http.listening) await listen(http, port)
    },
    until: async (condition, untilOptions) => {
      checkFunction('faultyServer.until', 'condition', condition)
      checkOptions('faultyServer.until', untilOptions, ['timeout'])
      const { timeout = 2_000 } = untilOptions ?? {}
      checkNumber('faultyServer.until', 'timeout', timeout, { max: 2 ** 31 - 1, unit: 'milliseconds' })
      await watch.until(() => condition(server), timeout)
    },
    idle: (untilOptions) => server.until(() => active === 0, untilOptions),
    close: () => {
      closed ??= (async () => {
        await Promise.all([hangUp(), refused.release()])
        watch.stop()
      })()
      return closed
    },
    [Symbol.asyncDispose]: () => server.close(),
  }

  function failIfClosed(what: string): void {
    if (closed !== undefined) throw new Error(`faultyServer: can't ${what}, the server is closed. Start a new one.`)
  }

  return server
}

/** A script as one segment of a path: what is percent-encoded stays, what would end the segment is encoded. */
function toSegment(script: string): string {
  const tight = script.replaceAll(/\s*([,;])\s*/g, '$1').trim()
  return tight.replaceAll(/[^\w%,;=.~!*'()+:@&$-]/gu, encodeURIComponent)
}
