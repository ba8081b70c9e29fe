import type { Clock } from '@fetchstack/handler-stack'
import { TokenError } from './errors.ts'

/** The time that a refresh has. */
export interface TimeLimit {
  /** Aborts when it is up. */
  readonly signal: AbortSignal
  /** Throws when it is up, also where the timer had no chance to say so: the machine slept, the process stood still. */
  check(): void
}

/** As `work` settles, but no later than in `limit` milliseconds. */
export async function timeLimited<T>(clock: Clock, limit: number, work: (time: TimeLimit) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const up = (): void =>
    controller.abort(new TokenError('TIMEOUT', `The refresh of the token took longer than ${limit} ms.`))
  const end = clock.now() + limit
  const timer = clock.setTimeout(up, limit)
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
  const check = (): void => {
    if (clock.now() >= end) up()
    signal.throwIfAborted()
  }
  try {
    return await Promise.race([work({ signal, check }), late])
  } finally {
    clock.clearTimeout(timer)
  }
}
