import { checkSchedule, exponential } from '@fetchstack/backoff'
import { checkFunction, checkNumber } from '@fetchstack/options'
import { checkBudget, checkedList, checkedMethod, filled } from './checks.ts'
import { ratioBudget } from './ratio-budget.ts'
import type { Policy, PolicyOptions } from './types.ts'

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
 * const base = policy({ maxAttempts: 4, spread: 0.2 })
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
    budget: ratioBudget(),
    rules: [],
  }
  const given = filled(owner, defaults, options)
  checkNumber(owner, 'maxAttempts', given.maxAttempts, { min: 1, max: Infinity, integer: true })
  checkSchedule(owner, 'schedule', given.schedule)
  checkSchedule(owner, 'throttledSchedule', given.throttledSchedule)
  checkNumber(owner, 'maxServerDelay', given.maxServerDelay, { max: Infinity })
  checkNumber(owner, 'spread', given.spread, { max: 1 })
  // They come without a wait, so many of them would be a hot loop.
  checkNumber(owner, 'transparentRetries', given.transparentRetries, { max: 10, integer: true })
  if (given.budget !== false) checkBudget(owner, given.budget)
  const result = Object.freeze({
    ...given,
    idempotentMethods: checkedList(owner, 'idempotentMethods', given.idempotentMethods, checkedMethod),
    rules: checkedList(owner, 'rules', given.rules, checkFunction),
  })
  made.add(result)
  return result
}
