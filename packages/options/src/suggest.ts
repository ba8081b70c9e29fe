/**
 * The candidate that `word` was most likely meant to be, or `undefined` when none is close.
 *
 * Close means: equal but for case, or at most a third of the letters (and at least one, but never all of them)
 * inserted, left out or changed. Of several that are equally close, the first.
 *
 * @param word - What was written.
 * @param candidates - What could have been meant.
 * @example
 * ```ts
 * import { suggest } from '@fetchstack/options'
 *
 * suggest('retri', ['retry', 'timeout']) // 'retry'
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let below = Math.min(word.length, Math.max(2, Math.floor(word.length / 3) + 1))
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < below) {
      best = candidate
      below = distance
    }
  }
  return best
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    let left = i
    row = row.map((above, j) => {
      left = j === 0 ? i + 1 : Math.min(above + 1, left + 1, row[j - 1]! + (a[i] === b[j - 1] ? 0 : 1))
      return left
    })
  }
  return row[b.length]!
}
