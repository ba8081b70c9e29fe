import { faultyServer } from '../faulty-server.ts'
import type { ReceivedRequest } from '../server/record.ts'
import type { FaultyServer } from '../server/types.ts'
import type { SeenRequest, ServerCondition, ServerView, TestServer } from './server.ts'

/**
 * Starts the server behind a conformance run, in this process: two faulty servers, for there must be two origins.
 * Close it when the run is over. Needs a runtime with `node:http`.
 *
 * @example
 * ```ts
 * import { localServer } from '@fetchstack/testing/conformance'
 *
 * const server = await localServer()
 * await fetch(server.script('503'))
 * console.log((await server.look()).requests.length) // 1
 * await server.close()
 * ```
 */
export async function localServer(): Promise<TestServer> {
  const main = await faultyServer()
  const other = await faultyServer()
  const both: readonly FaultyServer[] = [main, other]
  const sum = (count: (server: FaultyServer) => number): number => count(main) + count(other)

  const look = (): ServerView => ({
    openSockets: sum(({ openSockets }) => openSockets),
    totalSockets: sum(({ totalSockets }) => totalSockets),
    activeRequests: sum(({ activeRequests }) => activeRequests),
    requests: both
      .flatMap(({ requests }) => requests)
      .toSorted((a, b) => a.at - b.at)
      .map(seen),
  })

  const until = async (condition: ServerCondition, timeout = 2_000): Promise<ServerView> => {
    const holds = (): boolean => {
      const view = look()
      const { openSockets = Infinity, activeRequests = Infinity, requests = 0 } = condition
      return (
        view.openSockets <= openSockets && view.activeRequests <= activeRequests && view.requests.length >= requests
      )
    }
    // Each server watches its own changes.
    const stop = new AbortController()
    const watch = (server: FaultyServer) => server.until(() => stop.signal.aborted || holds(), { timeout })
    try {
      await Promise.any(both.map(watch))
    } catch {
      const { openSockets, activeRequests, requests } = look()
      const state = `${openSockets} open sockets, ${activeRequests} requests under way, ${requests.length} requests received`
      throw new Error(`localServer: what was waited for did not come within ${timeout} ms: ${state}.`)
    } finally {
      stop.abort()
    }
    return look()
  }

  return {
    url: main.url,
    otherUrl: other.url,
    refusedUrl: main.refusedUrl,
    script: (script, origin) => (origin === other.url ? other : main).script(script),
    look: async () => look(),
    until,
    reset: async () => both.forEach((server) => server.reset()),
    close: async () => {
      await Promise.all(both.map((server) => server.close()))
    },
  }
}

function seen(request: ReceivedRequest, index: number): SeenRequest {
  const { method, url, headers, text, bodyBytes, complete, aborted, socket } = request
  return { number: index + 1, method, url, headers, text, bodyBytes, complete, aborted, socket }
}
