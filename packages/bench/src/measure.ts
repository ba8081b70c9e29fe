/** Something to time: one call. */
export interface Contestant {
  readonly name: string
  readonly run: () => Promise<unknown>
}

/** What it took, per call, in nanoseconds. */
export interface Timing {
  readonly name: string
  /** The median over all rounds. */
  readonly median: number
  /** The fastest round: what it costs when nothing else runs. */
  readonly best: number
}

export interface Plan {
  /** How often each contestant has its turn. */
  readonly rounds: number
  /** How long one turn takes, in milliseconds, at the least. */
  readonly turn: number
}

/**
 * Times the contestants in turns, so that a change of the machine's mood meets all of them alike.
 * A turn is a batch of calls, one after the other; its length is found in a warm-up.
 */
export async function measure(contestants: readonly Contestant[], { rounds, turn }: Plan): Promise<Timing[]> {
  const batches = []
  for (const { run } of contestants) batches.push(await batchFor(run, turn))
  const samples = contestants.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, { run }] of contestants.entries()) samples[index]!.push(await timed(run, batches[index]!))
  }
  return contestants.map(({ name }, index) => {
    const sorted = samples[index]!.toSorted((a, b) => a - b)
    return { name, median: sorted[Math.floor(sorted.length / 2)]!, best: sorted[0]! }
  })
}

async function batchFor(run: () => Promise<unknown>, turn: number): Promise<number> {
  let batch = 16
  for (;;) {
    const took = (await timed(run, batch)) * batch
    if (took >= turn * 1e6) return batch
    batch *= 2
  }
}

async function timed(run: () => Promise<unknown>, batch: number): Promise<number> {
  globalThis.gc?.()
  const start = performance.now()
  for (let i = 0; i < batch; i++) await run()
  return ((performance.now() - start) * 1e6) / batch
}
