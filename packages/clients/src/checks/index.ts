import type { CheckName } from '../contract.ts'
import type { Check } from './context.ts'
import { abort, networkError, stall, statusError } from './failures.ts'
import { credential, ownRetry, perCall, stream } from './others.ts'
import { get, post, unsafe } from './resend.ts'

export const checks: Readonly<Record<CheckName, Check>> = {
  get,
  post,
  unsafe,
  'status-error': statusError,
  'network-error': networkError,
  abort,
  stall,
  stream,
  'own-retry': ownRetry,
  credential,
  'per-call': perCall,
}
