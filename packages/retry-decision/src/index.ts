export { type BudgetBook, type BudgetBookOptions, budgetBook } from './budget-book.ts'
export {
  attemptsOver,
  category,
  connectError,
  method,
  type StatusRange,
  status,
  whenError,
  whenResponse,
} from './conditions.ts'
export { decide } from './decide.ts'
export { mayResend } from './may-resend.ts'
export { policy } from './policy.ts'
export { type RatioBudgetOptions, ratioBudget } from './ratio-budget.ts'
export { allOf, allowIf, anyOf, not, retryIf, stopIf } from './rules.ts'
export { type SuccessThrottleOptions, successThrottle } from './success-throttle.ts'
export { type TokenBucketOptions, tokenBucket } from './token-bucket.ts'
export type {
  Budget,
  BudgetEvent,
  BudgetState,
  Condition,
  Decision,
  Facts,
  Policy,
  PolicyOptions,
  Reason,
  RequestFacts,
  RetryReason,
  Rule,
  Statuses,
  StopReason,
} from './types.ts'
