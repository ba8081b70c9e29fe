export { checkSchedule } from './check-schedule.ts'
export { atLeast, capped, jittered, sequence, sum } from './compose.ts'
export { type DelaysOptions, delays } from './delays.ts'
export { parseHttpDate } from './http-date.ts'
export { seededRandom } from './random.ts'
export type { ResetDialect } from './reset-headers.ts'
export { retryAfter } from './retry-after.ts'
export {
  type CurveOptions,
  constant,
  type DecorrelatedOptions,
  decorrelated,
  type ExponentialOptions,
  exponential,
  fibonacci,
  type LinearOptions,
  linear,
} from './schedules.ts'
export { type HintOptions, serverHint } from './server-hint.ts'
export type { HintContext, HintReader, HintResponse, Jitter, Random, Schedule, ServerHint } from './types.ts'
