import { checkSchedule, exponential } from '@fetchstack/backoff'
import { checkFunction, checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import { checkBudget, checkedList, checkedMethod, filled, given } from './checks.ts'
import { ratioBudget } from './ratio-budget.ts'
import type { Policy, PolicyOptions, Statuses } from './types.ts'

const made = /* @__PURE__ */ new WeakSet<object>()

/**
 * Makes a retry policy: checks the options, fills in the defaults and freezes the result.
 *
 * A policy is plain data and functions, so a variant is made by spreading: `policy({ ...base, maxAttempts: 5 })`.
 * A policy that is passed alone comes back as the same object.
 *
 * Defaults: 3 attempts; waits with full jitter from 100 ms (from 1,000 ms after a 429), doubled each time, at most 20 s;
 * the idempotent methods of RFC 9110 §9.2.2 and QUERY of RFC 10008; a server may ask for a wait of at most 60 s, to which up
 * to 10 % is added; 1 transparent resend; `ratioBudget()`.
 *
 * @param options - Any part of a {@link Policy}. Times in milliseconds.
 * @param owner - Who is named in errors. Default `policy`.
 * @throws {OptionError} When an option is unknown, out of range or contradicts another, or a schedule gives an unusable wait.
 * @example
 * ```ts
 * import { policy } from '@fetchstack/retry-decision'
 *
 * const base = policy({ maxAttempts: 4, statuses: { add: [404] } })
 * const patient = policy({ ...base, maxServerDelay: 300_000 })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function policy(options: PolicyOptions = {}, owner = 'policy'): Policy {
  if (made.has(options)) return options as Policy
  const defaults: Policy = {
    maxAttempts: 3,
    schedule: exponential(),
    // Who sets one schedule means it for every failure: Guzzle and got know only one.
    throttledSchedule: options?.schedule ?? exponential({ initialDelay: 1000 }),
    idempotentMethods: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'],
    maxServerDelay: 60_000,
    spread: 0.1,
    transparentRetries: 1,
    statuses: {},
    budget: ratioBudget(),
    rules: [],
  }
  const all = filled(owner, defaults, options)
  checkNumber(owner, 'maxAttempts', all.maxAttempts, { min: 1, max: Infinity, integer: true })
  checkSchedule(owner, 'schedule', all.schedule)
  checkSchedule(owner, 'throttledSchedule', all.throttledSchedule)
  checkNumber(owner, 'maxServerDelay', all.maxServerDelay, { max: Infinity })
  checkNumber(owner, 'spread', all.spread, { max: 1 })
  // They come without a wait, so many of them would be a hot loop.
  checkNumber(owner, 'transparentRetries', all.transparentRetries, { max: 10, integer: true })
  if (all.budget !== false) checkBudget(owner, all.budget)
  const result = Object.freeze({
    ...all,
    idempotentMethods: checkedList(owner, 'idempotentMethods', all.idempotentMethods, checkedMethod),
    statuses: checkedStatuses(owner, all.statuses),
    rules: checkedList(owner, 'rules', all.rules, checkFunction),
  })
  made.add(result)
  return result
}

function checkedStatuses(owner: string, statuses: Statuses): Statuses {
  checkOptions(`${owner}: statuses`, statuses, ['only', 'add', 'remove'])
  const seen: number[] = []
  const lists = given<readonly number[]>(statuses).map(([name, codes]) => [
    name,
    checkedList(owner, `statuses.${name}`, codes, (_owner, option, code) => {
      checkNumber(owner, option, code, { min: 400, max: 999, integer: true })
      if (seen.includes(code)) throw new OptionError(owner, option, `${option} names ${code} again: leave out one.`)
      seen.push(code)
    }),
  ])
  return Object.freeze(Object.fromEntries(lists) as Statuses)
}
