import { getEventListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** What a process holds after a round, when all calls are over. */
export interface Held {
  /** Bytes of the heap after a collection. */
  readonly heap: number
  /** Connections that the server has open: a client's idle ones keep no process alive, so it does not count them itself. */
  readonly sockets: number
  readonly timers: number
  /** Abort listeners on the signal that all calls share. */
  readonly listeners: number
}

/** Looks, after a garbage collection: the process must run with `--expose-gc`. `sockets` is the server's count. */
export async function look(shared: AbortSignal, sockets: number): Promise<Held> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('The soak needs node --expose-gc.')
  // Finalizers run after a collection, and what they free is found by the next one.
  for (let turn = 0; turn < 3; turn++) {
    gc()
    await wait(20)
  }
  return {
    heap: process.memoryUsage().heapUsed,
    sockets,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    listeners: getEventListeners(shared, 'abort').length,
  }
}

// Looks differ without a leak: by compiled code, caches and tables that grow in steps, and by which connections happen to be idle.
const SLACK: Readonly<Record<keyof Held, (first: number) => number>> = {
  heap: (first) => 2_000_000 + first * 0.05,
  sockets: (first) => 10 + first * 0.1,
  timers: () => 2,
  listeners: () => 0,
}

/**
 * What grew: the most that the last third of the looks held, against the most that the first third held. Fewer than six looks say
 * nothing.
 */
export function growth(looks: readonly Held[]): string[] {
  if (looks.length < 6)
    return [`Only ${looks.length} rounds after the warm-up: too few to tell growth. Give it more seconds.`]
  const third = Math.floor(looks.length / 3)
  return (Object.keys(SLACK) as (keyof Held)[]).flatMap((name) => {
    const most = (some: readonly Held[]): number => Math.max(...some.map((one) => one[name]))
    const [first, last] = [most(looks.slice(0, third)), most(looks.slice(-third))]
    return last > first + SLACK[name](first)
      ? [`${name} grew from ${first} to ${last} over ${looks.length} rounds.`]
      : []
  })
}
