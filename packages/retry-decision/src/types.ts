import type { Random, Schedule, ServerHint } from '@fetchstack/backoff'
import type { Category, Outcome, RequestLike, Verdict } from '@fetchstack/status-classifier'

/**
 * Why a call was not resent. A closed list; the names are stable.
 */
export type StopReason =
  | 'success'
  | 'redirect'
  | 'aborted'
  | 'total-timeout'
  | 'deadline-before-delay'
  | 'attempts-exhausted'
  | 'budget-exhausted'
  | 'breaker-open'
  | 'server-said-stop'
  | 'server-delay-too-long'
  | 'not-retryable-status'
  | 'permanent-error'
  | 'unsafe-method'
  | 'body-not-replayable'
  | 'rule-said-stop'
  | 'hedge-won'

/** Why a call was resent. A closed list; the names are stable. */
export type RetryReason =
  | 'transient-status'
  | 'throttled'
  | 'overloaded'
  | 'network-unprocessed'
  | 'network-idempotent'
  | 'attempt-timeout'
  | 'server-said-go'
  | 'idempotency-conflict'
  | 'transparent'
  | 'rule-said-retry'

/** Why a decision fell as it did. */
export type Reason = StopReason | RetryReason

/** What to do with an outcome, and why. Plain data. */
export interface Decision {
  /** `accept`: hand the outcome on, all is well. `retry`: wait `delay`, then resend. `give-up`: hand the outcome on, it stays a failure. */
  readonly action: 'accept' | 'retry' | 'give-up'
  readonly reason: Reason
  /** Milliseconds to wait before the resend; set when the action is `retry`. */
  readonly delay?: number
  /** What the delay rests on: the server's hint, the schedule, or nothing (a transparent retry is at once). */
  readonly delaySource?: 'server' | 'backoff' | 'transparent'
  /** What the schedule gave, before the server's hint was taken as a floor: the `previous` of its next step. */
  readonly backoff?: number
  /** When the server is ready again, in milliseconds since the epoch; set when it named a time. */
  readonly retryAt?: number
  /** The steps that were passed, in order, each one plain sentence. */
  readonly trail: readonly string[]
}

/** What is known about the request that may be resent. */
export interface RequestFacts {
  readonly method: string
  /** Whether the body can be sent again. `free` and `clone` can, `never` can't. A request without a body is `free`. */
  readonly replay: 'free' | 'clone' | 'never'
  /** Whether it carries an Idempotency-Key. Default `false`. */
  readonly idempotencyKey?: boolean
  readonly url?: string
}

/** All that a decision may depend on. */
export interface Facts {
  /**
   * The number of the attempt that just ended, counted from 1. Transparent resends don't count:
   * it is the number of sends so far minus `transparentRetries`.
   */
  readonly attempt: number
  readonly verdict: Verdict
  readonly request: RequestFacts
  /** The current time, in milliseconds since the epoch. */
  readonly now: number
  /** When the call must be over, in milliseconds since the epoch. Default: never. */
  readonly deadline?: number | undefined
  /** What the server said about when to come back. Default: nothing. */
  readonly hint?: ServerHint | undefined
  /** The `backoff` of the decision before, for schedules that depend on it. Default 0. */
  readonly previousBackoff?: number
  /** How many transparent retries this call has had. Default 0. */
  readonly transparentRetries?: number
  /** The budget's state, if the policy has one. */
  readonly budget?: BudgetState | undefined
  /** Whether a circuit breaker refuses further requests. Default `false`. */
  readonly breakerOpen?: boolean
  readonly random: Random
  /** The raw outcome, for rules that want to look at it. */
  readonly outcome?: Outcome
}

/**
 * A custom rule. It decides, or leaves it to the next rule and at last to the policy with `undefined`.
 * - `retry`: resend, whatever the classification, the server's word and the method say.
 * - `allow`: resend although the classification would not; the server's word to stop and the method count as ever.
 * - `stop`: don't resend.
 *
 * Safety (replayable body, attempts, the server's wait, deadline, breaker, budget) is checked after all of them.
 */
export type Rule = (facts: Facts) => 'retry' | 'allow' | 'stop' | undefined

/** A predicate over the facts, to compose rules from. */
export type Condition = (facts: Facts) => boolean

/** Plain state of a retry budget. JSON-serialisable. */
export type BudgetState = { readonly [key: string]: number | readonly number[] }

/** What a budget is told. */
export interface BudgetEvent {
  /**
   * `request`: a first attempt began. `success`, `failure`: an attempt ended; a failure is told before `allows` is asked.
   * `retry`: a resend was granted. Transparent resends are not told.
   */
  readonly type: 'request' | 'success' | 'failure' | 'retry'
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The verdict's category, for budgets whose cost depends on it. */
  readonly category?: Category | undefined
  /**
   * With `success`: the category of the failure that the call's last granted resend followed, so that a token bucket can
   * give its cost back. Left out when the first attempt succeeded.
   */
  readonly retried?: Category | undefined
}

/** A retry budget as a reducer over plain state: no clock and no state of its own. */
export interface Budget {
  /** For messages and `explain`: `ratio(0.1, 10 s)`. */
  readonly name: string
  initial(now: number): BudgetState
  reduce(state: BudgetState, event: BudgetEvent): BudgetState
  /** Whether a resend may be made now. */
  allows(state: BudgetState, now: number, category?: Category): boolean
}

/**
 * Which statuses are resent, where that differs from the classification. Codes from 400 to 999, each at most once.
 *
 * The method still counts: a POST is resent only with an Idempotency-Key or proof that it was not processed. So do the server's
 * word to stop, body, attempts, deadline and budget. Nothing is said of thrown errors.
 */
export interface Statuses {
  /** These are resent and no others, as got's and ky's `statusCodes` have it. Default: leave it to the classification. */
  readonly only?: readonly number[]
  /** These are resent too. Default: none. */
  readonly add?: readonly number[]
  /** These are not resent. Default: none. */
  readonly remove?: readonly number[]
}

/** Everything that `decide` goes by. Made by `policy()`, which checks it and fills in the defaults; frozen. */
export interface Policy {
  /** Attempts in all, the first one included. 1 means that nothing is ever resent, `Infinity` that no count ends it. Default 3. */
  readonly maxAttempts: number
  /** Waits. Default: exponential from 100 ms, factor 2, at most 20 s, full jitter. */
  readonly schedule: Schedule
  /** Waits after a throttled outcome (429). Default: `schedule` when that was given, else the same as its default from 1,000 ms. */
  readonly throttledSchedule: Schedule
  /**
   * Methods that may be resent without proof that the request was not processed.
   * Default: GET, HEAD, OPTIONS, TRACE, PUT, DELETE (RFC 9110 §9.2.2) and QUERY (RFC 10008).
   */
  readonly idempotentMethods: readonly string[]
  /** Longest wait that a server may ask for, in milliseconds; beyond it the call is given up with `retryAt`. Default 60,000. */
  readonly maxServerDelay: number
  /** Random time added to a server's wait, as a share of it, so that throttled clients don't return together; at most 1,000 ms. Default 0.1. */
  readonly spread: number
  /** Immediate resends of a request that provably never reached the server; they count neither as attempts nor in the budget. Default 1, at most 10. */
  readonly transparentRetries: number
  /** Statuses that are judged otherwise than the classification has them; `rules` come before them. Default: none. */
  readonly statuses: Statuses
  /** Default: `ratioBudget()`. `false` for none. */
  readonly budget: Budget | false
  /** Tried in order before the policy's own judgement. Default: none. */
  readonly rules: readonly Rule[]
}

/** What `policy()` takes: any part of a {@link Policy}, so that one policy can be spread into the next. */
export interface PolicyOptions extends Partial<Policy> {}

export type { Category, Outcome, Random, RequestLike, Schedule, ServerHint, Verdict }
