import { parseHttpDate } from './http-date.ts'
import type { HintResponse } from './types.ts'

/** Gives the milliseconds to wait, from now on by `clock`; below 0 is 0, and `NaN` is not usable. */
export type Parse = (text: string, clock: number) => number

/** About 31,700 years: whatever a server says, adding it to the current time still gives a valid `Date`. */
export const longestDelay = 1e15

/** Digits, perhaps with decimals, as they are: no sign, no exponent, no unit. */
export function decimal(text: string): number {
  return /^[\d.]+$/.test(text) ? Number(text) : Number.NaN
}

/** Seconds, or an HTTP-date. */
export function secondsOrDate(text: string, clock: number): number {
  const seconds = decimal(text)
  return seconds >= 0 ? seconds * 1000 : parseHttpDate(text, clock) - clock
}

/** The time by the server's own clock, or `now`: a time in a header is told by that clock, and ours may be wrong. */
export function serverTime({ headers }: HintResponse, now: number): number {
  return parseHttpDate(headers.get('date') ?? '', now) || now
}

/** The longest usable wait in a header, in whole milliseconds; -1 when there is none. Tells `evidence` what was there. */
export function readHeader(
  { headers }: HintResponse,
  name: string,
  parse: Parse,
  clock: number,
  evidence: string[],
): number {
  const raw = headers.get(name)
  if (raw === null) return -1
  let longest = -1
  // What was sent more than once comes joined with commas. The comma within a date is not one of those.
  for (const text of raw.split(/,(?! \d\d[ -])/)) {
    // No time is longer than 64 characters, and a pattern may need the square of a length.
    const value = parse(text.trim().slice(0, 64), clock)
    // What is taken off is what multiplying decimals adds: 2.007 * 1000 is above 2007.
    const wait = Math.min(Math.max(0, Math.ceil(value - 1e-6)), longestDelay)
    if (wait > longest) longest = wait
  }
  const shown = JSON.stringify(raw.slice(0, 48))
  evidence.push(`${name}: ${longest < 0 ? `ignored ${shown} (not a time)` : `${shown} is ${longest} ms`}`)
  return longest
}
