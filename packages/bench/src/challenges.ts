import { parseChallenges } from '@fetchstack/www-authenticate'
import { type Contestant, measure, type Plan } from './measure.ts'

/** How long it takes to read a field of 16 KiB, the longest that is read at all. */
export interface ChallengeRow {
  readonly name: string
  /** Milliseconds a field. */
  readonly median: number
  readonly best: number
}

const LENGTH = 16_384

// Repeated up to the limit. The last ones are what a parser with backtracking would take minutes for.
const pieces: Readonly<Record<string, string>> = {
  'one token68': 'a',
  'challenges with realms': 'Bearer realm="a", scope="b c", ',
  'nothing but commas': ',',
  'words without an equals sign': 'a b=,',
  'quotes that do not close': 'a="x\\", ',
  'white space': 'Digest \t \t',
}

/** The challenge parser on friendly and on hostile fields. */
export async function challenges(plan: Plan): Promise<ChallengeRow[]> {
  const fields = Object.entries(pieces).map(([name, piece]) => ({
    name,
    field: piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH),
  }))
  const contestants = fields.map(
    ({ name, field }): Contestant => ({ name, run: () => Promise.resolve(parseChallenges(field)) }),
  )
  const timings = await measure(contestants, plan)
  return timings.map(({ name, median, best }) => ({ name, median: median / 1e6, best: best / 1e6 }))
}
