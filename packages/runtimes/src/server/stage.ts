import { createHash } from 'node:crypto'
import { type FaultyServer, faultyServer, type ReceivedRequest } from '@fetchstack/testing'
import type { ServerCondition } from '@fetchstack/testing/conformance'
import type { CaseView, SeenBody, SeenStream } from '../contract.ts'
import { openStreamServer } from './streams.ts'
import type { Trust } from './trust.ts'

/** The servers of one case. */
export interface Stage {
  readonly url: string
  readonly otherUrl: string
  readonly refusedUrl: string
  readonly tlsUrl: string
  readonly streamsUrl: string
  readonly streams: readonly SeenStream[]
  look(): CaseView
  until(condition: ServerCondition, timeout?: number): Promise<CaseView>
  reset(): void
  refuse(how?: 'closed' | 'reset'): Promise<void>
  accept(): Promise<void>
  /** What the case asked of the servers and they could not do: a script that can't be read. */
  problems(): string[]
  close(): Promise<void>
}

const TEXT_LIMIT = 65_536

/** Starts two plain servers, one over TLS, and one for HTTP/2. */
export async function openStage(trust: Trust): Promise<Stage> {
  const [main, other, tls, streams] = await Promise.all([
    faultyServer(),
    faultyServer(),
    faultyServer({ tls: true }),
    openStreamServer(trust),
  ])
  const both = [main, other]
  const received = () => both.flatMap((server) => server.requests.map((request) => ({ server, request })))
  const sum = (count: (server: FaultyServer) => number) => both.reduce((total, server) => total + count(server), 0)

  const look = (): CaseView => {
    // Connections are numbered by their first request: the same numbers whichever server and runtime.
    const connections = new Map<string, number>()
    const requests = received()
      .toSorted((a, b) => a.request.at - b.request.at)
      .map(({ server, request }, index) => {
        const connection = `${server.url} ${request.socket}`
        if (!connections.has(connection)) connections.set(connection, connections.size + 1)
        return describe(request, index + 1, connections.get(connection)!)
      })
    return {
      openSockets: sum((server) => server.openSockets),
      totalSockets: sum((server) => server.totalSockets),
      activeRequests: sum((server) => server.activeRequests),
      requests,
    }
  }
  const holds = ({ openSockets = Infinity, activeRequests = Infinity, requests = 0 }: ServerCondition): boolean =>
    sum((server) => server.openSockets) <= openSockets &&
    sum((server) => server.activeRequests) <= activeRequests &&
    received().length >= requests

  return {
    url: main.url,
    otherUrl: other.url,
    refusedUrl: main.refusedUrl,
    tlsUrl: tls.url,
    streamsUrl: streams.url,
    streams: streams.streams,
    look,
    until: async (condition, timeout = 2_000) => {
      // Each server wakes its own watch only, so both are watched.
      const never = new AbortController()
      try {
        await Promise.any(
          both.map((server) => server.until(() => never.signal.aborted || holds(condition), { timeout })),
        )
      } catch {
        const { requests, ...counts } = look()
        const urls = requests.map(({ method, url }) => `${method} ${url}`)
        const state = JSON.stringify({ ...counts, requests: urls })
        throw new Error(`Not within ${timeout} ms: ${JSON.stringify(condition)}. The servers: ${state}`)
      } finally {
        never.abort()
      }
      return look()
    },
    reset: () => {
      for (const server of both) server.reset()
    },
    refuse: (how) => main.refuse(how),
    accept: () => main.accept(),
    problems: () =>
      received().flatMap(({ request: { fault, url } }) =>
        fault?.kind === 'status' && fault.headers['x-faulty-server'] === 'bad-script'
          ? [`${url}: ${String(fault.body).trim()}`]
          : [],
      ),
    close: async () => {
      await Promise.all([main.close(), other.close(), tls.close(), streams.close()])
    },
  }
}

function describe(request: ReceivedRequest, number: number, socket: number): SeenBody {
  const { method, url, headers, text, body, bodyBytes, complete, aborted } = request
  return {
    number,
    method,
    url,
    headers,
    text: text.slice(0, TEXT_LIMIT),
    bodyBytes,
    complete,
    aborted,
    socket,
    sha256: createHash('sha256').update(body).digest('hex'),
  }
}
