import type { Policy, RequestFacts } from './types.ts'

/**
 * Whether a request could ever be resent under a policy. Cheap, to be asked before the first attempt: only when it is `true`
 * a `clone` body needs a copy.
 *
 * The method makes no difference: any method is resent when it provably was not processed.
 *
 * @param policy - From `policy()`.
 * @param request - The request.
 * @example
 * ```ts
 * import { mayResend, policy } from '@fetchstack/retry-decision'
 *
 * mayResend(policy({ maxAttempts: 1 }), { method: 'PUT', replay: 'clone' }) // false
 * ```
 */
export function mayResend(policy: Policy, request: Pick<RequestFacts, 'method' | 'replay'>): boolean {
  return policy.maxAttempts > 1 && request.replay !== 'never'
}
