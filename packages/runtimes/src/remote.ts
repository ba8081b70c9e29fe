import type { CaseServer, CaseStreams } from './contract.ts'
import type { Job } from './job.ts'

// A case may replace or wrap the global; the harness keeps to the runtime's own.
const platformFetch = globalThis.fetch

/** Asks the driver. Rejects with what it says when it can't. */
export async function ask<T>(address: string, input: unknown = {}): Promise<T> {
  // As text: a page would send a preflight for JSON.
  const response = await platformFetch(address, { method: 'POST', body: JSON.stringify(input) })
  const { value, error } = (await response.json()) as { value?: unknown; error?: string }
  if (error !== undefined) throw new Error(error)
  return value as T
}

/** Where the servers of a case are, and where they are controlled. */
export type ServerAddresses = Pick<Job, 'control' | 'url' | 'otherUrl' | 'refusedUrl'>

/** The servers of a case, seen from inside a runtime: `fetch` is all it needs. */
export function remoteServer({ control, url, otherUrl, refusedUrl }: ServerAddresses): CaseServer {
  let scripts = 0
  return {
    url,
    otherUrl,
    refusedUrl,
    script: (script, origin = url) => `${origin}/script/${toSegment(script)}/${++scripts}`,
    look: () => ask(`${control}/look`),
    until: (condition, timeout) => ask(`${control}/until`, { condition, timeout }),
    reset: () => ask(`${control}/reset`),
    refuse: (how) => ask(`${control}/refuse`, { how }),
    accept: () => ask(`${control}/accept`),
    // The driver closes what it opened.
    close: async () => {},
  }
}

/** The HTTP/2 server of a case, seen from inside a runtime. */
export function remoteStreams({ control, streamsUrl }: Pick<Job, 'control' | 'streamsUrl'>): CaseStreams | undefined {
  if (streamsUrl === null) return undefined
  let scripts = 0
  return {
    script: (steps) => `${streamsUrl}/streams/${steps}/${++scripts}`,
    look: () => ask(`${control}/streams`),
  }
}

/** A script as one segment of a path: what is percent-encoded stays, what would end the segment is encoded. */
function toSegment(script: string): string {
  const tight = script.replaceAll(/\s*([,;])\s*/g, '$1').trim()
  return tight.replaceAll(/[^\w%,;=.~!*'()+:@&$-]/gu, encodeURIComponent)
}
