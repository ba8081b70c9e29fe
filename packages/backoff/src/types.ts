/** A source of randomness: a number from 0 (included) to 1 (excluded), as `Math.random` gives. */
export type Random = () => number

/**
 * A retry schedule: a pure, immutable function from the number of the retry to a wait in milliseconds.
 *
 * @param retry - Which retry the wait comes before, counted from 1.
 * @param previous - The wait that this schedule gave for the retry before, in milliseconds; 0 before the first.
 * @param random - The source of randomness.
 * @returns The wait in milliseconds: finite, at least 0.
 */
export type Schedule = (retry: number, previous: number, random: Random) => number

/** How a wait is randomised. `none`: not. `full`: from 0 to the wait. `equal`: from half the wait to the wait. */
export type Jitter = 'none' | 'full' | 'equal'

/** What a server said about when to come back. */
export interface ServerHint {
  /** The wait in milliseconds from now: finite, at least 0. `undefined` when nothing usable was said. */
  readonly delay: number | undefined
  /** The header that it was read from, in lower case; `undefined` when there was none. */
  readonly source: string | undefined
  /** What was read and what was passed over, and why: `retry-after: ignored "soon" (not seconds or an HTTP-date)`. */
  readonly evidence: readonly string[]
}

/** The part of a response that is looked at. */
export interface HintResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** A browser sets `cors` on a response from another origin, of which it hides most headers. Default: not known. */
  readonly type?: string
}

/** What a hint reader gets besides the response. */
export interface HintContext {
  /** The current time in milliseconds since the epoch. */
  readonly now: number
}

/**
 * Reads one kind of hint. Pure; must not throw on any header value.
 * `undefined` when the response has nothing for it. A `delay` of `undefined` with evidence means: there, but not usable.
 */
export type HintReader = (response: HintResponse, context: HintContext) => ServerHint | undefined
