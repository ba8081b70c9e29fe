import { checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import { checkedList } from './checks.ts'
import type { Rule } from './types.ts'

/** Options of {@link statuses}. Codes from 400 to 999. */
export interface StatusesOptions {
  /** These are resent and no others, as got's and ky's `statusCodes` have it. Default: leave it to the classification. */
  readonly only?: readonly number[]
  /** These are resent too. Default: none. */
  readonly add?: readonly number[]
  /** These are not resent. Default: none. */
  readonly remove?: readonly number[]
}

/**
 * A rule that says which statuses are resent, where that differs from the classification. It says nothing of thrown errors.
 *
 * The method still counts: a POST is resent only with an Idempotency-Key or proof that it was not processed. So do the server's word to
 * stop, body, attempts, deadline and budget.
 *
 * @throws {OptionError} When an option is unknown, or a code is not one of a failure or is named twice.
 * @example
 * ```ts
 * import { policy, statuses } from '@fetchstack/retry-decision'
 *
 * const likeGot = policy({ rules: [statuses({ only: [408, 413, 429, 500, 502, 503, 504, 521, 522, 524] })] })
 * const eventual = policy({ rules: [statuses({ add: [404], remove: [500] })] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function statuses(options: StatusesOptions): Rule {
  checkOptions('statuses', options, ['only', 'add', 'remove'])
  const { only, add = [], remove = [] } = options
  const words = new Map<number, 'allow' | 'stop'>()
  for (const [list, codes] of Object.entries({ only: only ?? [], add, remove })) {
    checkedList('statuses', list, codes, (owner, option, code) => {
      checkNumber(owner, option, code, { min: 400, max: 999, integer: true })
      if (words.has(code)) throw new OptionError(owner, option, `${option} names ${code} again: leave out one.`)
      words.set(code, list === 'remove' ? 'stop' : 'allow')
    })
  }
  const others = only && 'stop'
  return function statuses({ verdict: { status } }) {
    return status === undefined ? undefined : (words.get(status) ?? others)
  }
}
