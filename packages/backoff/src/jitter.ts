import type { Jitter, Random } from './types.ts'

export const jitters: readonly Jitter[] = ['none', 'full', 'equal']

/** The longest wait that a timer can hold, in milliseconds: beyond 2^31 - 1, `setTimeout` fires at once. */
export const longestWait = 2_147_483_647

/** A wait, randomised and in whole milliseconds, which is all that a timer takes. */
export function randomised(wait: number, jitter: Jitter, random: Random): number {
  return Math.round(jitter === 'none' ? wait : jitter === 'full' ? wait * random() : (wait * (1 + random())) / 2)
}
