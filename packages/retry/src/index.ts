export { type AttemptRecord, type Explanation, explain } from './explain.ts'
export { type Decider, type DelayFunction, exponentialDelay } from './guzzle.ts'
export type { RetryCallOptions, RetryOptions } from './options.ts'
export { retry } from './retry.ts'
