export { type TimeoutOptions, timeout } from './timeout.ts'
export { isTimeoutError, TimeoutError, type TimeoutFacts } from './timeout-error.ts'
