import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What the server counted since the last time that it was asked. */
export interface Counted {
  /** Requests by the `x-call` header. */
  readonly requests: Readonly<Record<string, number>>
  readonly openSockets: number
  readonly activeRequests: number
}

/** A faulty server in a process of its own, so that its memory and its sockets are not those that are measured. */
export interface Peer {
  readonly url: string
  readonly refusedUrl: string
  /** What was counted, once no request is under way; then the server forgets it. */
  take(): Promise<Counted>
  close(): Promise<void>
}

/** Starts the server. */
export async function startPeer(): Promise<Peer> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), { execArgv: [], serialization: 'advanced' })
  const { url, refusedUrl } = (await answer(child)) as Peer
  return {
    url,
    refusedUrl,
    take: async () => {
      child.send('take')
      return (await answer(child)) as Counted
    },
    close: async () => {
      const gone = once(child, 'exit')
      child.send('close')
      await gone
    },
  }
}

async function answer(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController()
  const died = async (): Promise<never> => {
    await once(child, 'exit', { signal: stop.signal })
    throw new Error('The server died.')
  }
  try {
    return await Promise.race([
      once(child, 'message', { signal: stop.signal }).then(([message]: unknown[]) => message),
      died(),
    ])
  } finally {
    stop.abort()
  }
}
