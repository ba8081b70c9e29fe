import { seededRandom } from '@fetchstack/backoff'
import { soakStack } from './call.ts'
import { growth, type Held, look } from './measure.ts'
import { startPeer } from './peer.ts'
import { disagreements, round } from './round.ts'

/** Options of a soak. */
export interface SoakOptions {
  /** How long new rounds are started. */
  readonly seconds: number
  readonly concurrency: number
  /** Calls per round. */
  readonly calls: number
  readonly seed: number
  /** Told after each round. */
  readonly onRound?: (number: number, held: Held, calls: number, requests: number) => void
}

/** What came of it. */
export interface SoakResult {
  readonly rounds: number
  readonly calls: number
  readonly requests: number
  /** How many calls ended how. */
  readonly outcomes: Readonly<Record<string, number>>
  /** The first and the last look after the warm-up. */
  readonly first: Held | undefined
  readonly last: Held | undefined
  /** All that is wrong; empty when nothing is. */
  readonly problems: readonly string[]
}

/** Rounds that fill caches and pools, and are not looked at. */
const WARM_UP = 3

/** Runs mixed faults in rounds, and looks after each one at what is left behind. */
export async function soak({ seconds, concurrency, calls, seed, onRound }: SoakOptions): Promise<SoakResult> {
  const problems: string[] = []
  const unhandled = (reason: unknown): void => {
    problems.push(`An unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}`)
  }
  process.on('unhandledRejection', unhandled)
  const peer = await startPeer()
  const random = seededRandom(seed)
  const fetch = soakStack(peer.url, peer.refusedUrl, random).toFetch()
  const shared = new AbortController().signal
  const outcomes: Record<string, number> = {}
  const looks: Held[] = []
  let total = 0
  let requests = 0
  let rounds = 0
  try {
    const end = performance.now() + seconds * 1000
    // At least as many rounds as it takes to tell growth.
    for (; performance.now() < end || looks.length < 6; rounds++) {
      const reports = await round(fetch, peer, shared, { calls, concurrency, random, prefix: `r${rounds}` })
      const counted = await peer.take()
      problems.push(...disagreements(reports, counted))
      if (counted.activeRequests > 0) problems.push(`${counted.activeRequests} requests are under way after a round.`)
      for (const { outcome } of reports) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      total += reports.length
      requests += Object.values(counted.requests).reduce((sum, count) => sum + count, 0)
      const held = await look(shared, counted.openSockets)
      if (rounds >= WARM_UP) looks.push(held)
      onRound?.(rounds + 1, held, total, requests)
      if (problems.length > 20) break
    }
  } finally {
    await peer.close()
    process.off('unhandledRejection', unhandled)
  }
  return {
    rounds,
    calls: total,
    requests,
    outcomes,
    first: looks[0],
    last: looks.at(-1),
    problems: [...problems, ...growth(looks)],
  }
}
