import type { HintReader, Random } from '@fetchstack/backoff'
import type { Call, Clock, HttpRequest } from '@fetchstack/handler-stack'
import type { PolicyOptions } from '@fetchstack/retry-decision'
import type { EvidenceReader } from '@fetchstack/status-classifier'
import type { AttemptRecord } from './explain.ts'

/** What `retry` takes: a policy, or any part of one, and what the middleware needs besides. */
export interface RetryOptions extends PolicyOptions {
  /** What looks for evidence in a response or an error, strongest first. Default: `defaultReaders` of the classifier. */
  readonly readers?: readonly EvidenceReader[]
  /** What looks for the server's wait besides the ordinary headers, for example `rateLimit`. Default: nothing. */
  readonly hintReaders?: readonly HintReader[]
  /** Which requests share a retry budget. Default: those to one origin. */
  readonly budgetKey?: (request: HttpRequest) => string
  /** Told each decision about an attempt that did not simply succeed, before the wait. Must not throw. Default: nobody. */
  readonly onDecision?: (record: AttemptRecord, request: HttpRequest, call: Call) => void
  /** Default: `systemClock`. */
  readonly clock?: Clock
  /** Default: `Math.random`. */
  readonly random?: Random
}

/** What one call can change, as `init.fetchstack.retry`: any part of the policy, or `false` for a single attempt. */
export type RetryCallOptions = (Omit<PolicyOptions, 'budget'> & { readonly budget?: false }) | false

/** The options that are not the policy's. */
export const OWN_OPTIONS = ['readers', 'hintReaders', 'budgetKey', 'onDecision', 'clock', 'random'] as const
