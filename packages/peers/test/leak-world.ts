import { fetchHandler, type Handler } from '@fetchstack/handler-stack'
import { type FaultyServer, faults, faultyServer } from '@fetchstack/testing'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'

/** What a server got. */
export interface Seen {
  readonly origin: string
  readonly text: string
}

/** Servers behind whatever origins a test names: scheme, host and port are those of the URL, the sockets are real ones. */
export interface World {
  /** Sends over the wire. Does not follow redirects of its own unless it is told to. */
  readonly handler: Handler
  /** The server of an origin. */
  at(origin: string): FaultyServer
  /** Every request so far, as one text with its URL, headers and body, and the origin that got it. */
  look(): Seen[]
  /** Forgets what was received. */
  reset(): void
  close(): Promise<void>
}

/**
 * @param origins - Each gets a server of its own; default ports and spellings are one origin.
 */
export async function startWorld(origins: readonly string[]): Promise<World> {
  const names = [...new Set(origins.map((origin) => new URL(origin).origin))]
  const servers = new Map(
    await Promise.all(
      names.map(async (name) => {
        const tls = name.startsWith('https:')
        return [name, await faultyServer({ tls, routes: { '/end': faults.ok('end') } })] as const
      }),
    ),
  )
  const at = (origin: string): FaultyServer => servers.get(new URL(origin).origin)!

  // The certificates are self-signed, and for 127.0.0.1.
  const connect = buildConnector({ rejectUnauthorized: false })
  const agent = new Agent({
    // Or else every one of a hundred calls at once shakes hands on its own.
    connections: 4,
    connect(options, callback) {
      const { protocol, hostname, port } = options
      const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
      const { hostname: real, port: realPort } = new URL(at(`${protocol}//${host}${port && `:${port}`}`).url)
      connect({ ...options, hostname: real, host: real, port: realPort }, callback)
    },
  })
  const handler = fetchHandler(
    (input, init) =>
      undiciFetch(input as string, { ...init, dispatcher: agent } as object) as unknown as Promise<Response>,
  )

  return {
    handler,
    at,
    look: () =>
      names.flatMap((origin) =>
        at(origin).requests.map(({ url, headers, text }) => ({
          origin,
          text: [url, ...Object.values(headers), text].join('\n'),
        })),
      ),
    reset: () => {
      for (const server of servers.values()) server.reset()
    },
    close: async () => {
      await agent.destroy()
      await Promise.all([...servers.values()].map((server) => server.close()))
    },
  }
}
