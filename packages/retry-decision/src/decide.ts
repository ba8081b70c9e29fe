import { listed, reasonToRetry, whySafe } from './judge.ts'
import { mayResend } from './may-resend.ts'
import type { Decision, Facts, Policy, Reason, RetryReason, Rule, StopReason } from './types.ts'

/** The longest that a timer can wait; setTimeout fires at once for more. */
const LONGEST_WAIT = 2 ** 31 - 1

/**
 * Decides what to do with an outcome, and says why.
 *
 * Pure: the same policy, facts and random numbers give the same decision. The steps, in this order: aborted; success or redirect; the
 * policy's rules, then its `statuses`; a server that says stop; an outcome that no resend changes; the transparent resend; method and
 * Idempotency-Key; body; attempts; the server's wait against `maxServerDelay`; the deadline; the breaker; the budget.
 *
 * - A rule's `retry` stands above the classification, the server's word and the method, and nothing else. Its `allow` stands above the
 *   classification only.
 * - A server that says go (`x-should-retry: true`) stands above the classification and the method, and nothing else.
 * - 409 is resent only with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header: the first request is still running).
 * - The wait is the longer of the schedule's and the server's, plus a random `spread` of the server's. It is never shorter than
 *   the server's; it is rounded up to whole milliseconds, since timers cut fractions off.
 * - A wait that does not end before the deadline is not begun.
 *
 * @param policy - From `policy()`.
 * @param facts - All that the decision may depend on. Times in milliseconds.
 * @returns Plain data, ready for `JSON.stringify`.
 * @throws What a rule, a schedule or a budget throws.
 * @example
 * ```ts
 * import { decide, policy } from '@fetchstack/retry-decision'
 * import { classify } from '@fetchstack/status-classifier'
 *
 * const request = { method: 'GET', replay: 'free' } as const
 * const verdict = classify({ response: new Response(null, { status: 503 }) }, request)
 * const { action, reason, delay } = decide(policy(), {
 *   attempt: 1,
 *   verdict,
 *   request,
 *   now: Date.now(),
 *   random: Math.random,
 * })
 * ```
 */
export function decide(policy: Policy, facts: Facts): Decision {
  const { attempt, verdict, request, now, deadline = Infinity, breakerOpen, budget, random } = facts
  const { previousBackoff = 0, transparentRetries = 0 } = facts
  const { category, directive, status } = verdict
  const asked = facts.hint?.delay
  const hint = asked! >= 0 && asked! < Infinity ? asked : undefined
  const late = now >= deadline
  const trail = [`Attempt ${attempt} of ${policy.maxAttempts}: ${status ?? verdict.code ?? 'error'}, ${category}.`]
  const end = (action: Decision['action'], reason: Reason, more?: Partial<Decision>): Decision => {
    trail.push(`Decision: ${action}, ${reason}.`.replaceAll('-', ' '))
    return { action, reason, ...more, ...(hint !== undefined && { retryAt: now + hint }), trail }
  }
  const stop = (reason: StopReason) => end('give-up', reason)

  // A timer may fire within the millisecond before its time.
  if (category === 'aborted') return stop(now >= deadline - 1 ? 'total-timeout' : category)
  if (category === 'success' || category === 'redirect') return end('accept', category)

  let word: ReturnType<Rule>
  for (const [index, rule] of policy.rules.entries()) {
    const said = rule(facts)
    if (said === undefined) continue
    trail.push(`Rule ${index + 1} says ${said}.`)
    if (said === 'stop') return stop('rule-said-stop')
    // JavaScript rules may say anything, such as `true` or a promise: that is in the trail, and decides nothing.
    if (said !== 'retry' && said !== 'allow') continue
    word = said
    break
  }
  word ??= listed(policy.statuses, status)
  if (word === 'stop') return stop('not-retryable-status')

  const { maxRetries = Infinity } = word ? {} : verdict
  const resends = attempt - 1 + transparentRetries
  let reason: RetryReason = 'rule-said-retry'
  if (word !== 'retry') {
    if (directive === 'stop') return stop('server-said-stop')
    const judged = reasonToRetry(facts, hint)
    if (judged) reason = judged
    else if (!word) return stop(status === undefined ? 'permanent-error' : 'not-retryable-status')
    if (
      category === 'network' &&
      verdict.processed === 'no' &&
      verdict.durability === 'transient' &&
      transparentRetries < policy.transparentRetries &&
      resends < maxRetries &&
      mayResend(policy, request) &&
      !late &&
      !breakerOpen
    ) {
      return end('retry', 'transparent', { delay: 0, delaySource: 'transparent' })
    }
    const safe = whySafe(policy, facts)
    if (safe === undefined) return stop('unsafe-method')
    trail.push(safe)
  }

  if (request.replay === 'never') return stop('body-not-replayable')
  if (attempt >= policy.maxAttempts || resends >= maxRetries) return stop('attempts-exhausted')

  const floor = hint ?? 0
  const schedule = category === 'throttled' ? policy.throttledSchedule : policy.schedule
  const backoff = Math.min(Math.max(schedule(attempt, previousBackoff, random) || 0, 0), LONGEST_WAIT)
  const spread = floor && random() * Math.min(policy.spread * floor, 1000)
  const delay = Math.ceil(Math.max(backoff, floor) + spread)
  trail.push(`Wait ${delay} ms: backoff ${backoff}${hint === undefined ? '' : `, server ${hint}`}.`)

  if (floor > policy.maxServerDelay) return stop('server-delay-too-long')
  if (late) return stop('total-timeout')
  if (now + delay >= deadline) return stop('deadline-before-delay')
  if (breakerOpen) return stop('breaker-open')
  if (policy.budget && budget && !policy.budget.allows(budget, now, category)) return stop('budget-exhausted')
  return end('retry', reason, {
    delay,
    delaySource: floor > backoff ? 'server' : 'backoff',
    backoff,
  })
}
