import type { Facts, Policy, RetryReason, Statuses } from './types.ts'

/** What the policy's statuses say of this one; nothing of an error. */
export function listed({ only, add, remove }: Statuses, status: number | undefined): 'allow' | 'stop' | undefined {
  if (status === undefined) return undefined
  if (add?.includes(status) || only?.includes(status)) return 'allow'
  return only || remove?.includes(status) ? 'stop' : undefined
}

/** Why a resend may get another outcome, by the classification and the server's word; `undefined` when it would not. */
export function reasonToRetry({ verdict, request }: Facts, hint: number | undefined): RetryReason | undefined {
  const { category, directive, durability, processed, retry, status } = verdict
  if (directive === 'go') return 'server-said-go'
  const mayChange =
    // Without a key a conflict is about the resource and stays; with one, the first request is still running.
    status === 409
      ? request.idempotencyKey
      : durability !== 'permanent' &&
        (retry === 'any' || retry === 'idempotent' || (retry === 'hint' && hint !== undefined))
  if (!mayChange) return undefined
  if (category === 'throttled' || category === 'overloaded') return category
  if (status !== undefined) return status === 409 ? 'idempotency-conflict' : 'transient-status'
  if (processed === 'no') return 'network-unprocessed'
  return category === 'timeout' ? 'attempt-timeout' : 'network-idempotent'
}

/** Why a resend does no harm, as a sentence; `undefined` when it might. RFC 9110 §9.2.2. */
export function whySafe(policy: Policy, { verdict, request }: Facts): string | undefined {
  const { processed, retry } = verdict
  if (verdict.directive === 'go') return 'The server says to resend.'
  if (policy.idempotentMethods.includes(request.method.toUpperCase())) return `${request.method} is idempotent.`
  if (request.idempotencyKey) return 'It has an Idempotency-Key.'
  // `idempotent` beside `no` means that the source is in doubt: RFC 9110 §15.5.9 on 408, which Envoy sends mid-stream too.
  return retry === 'any' || (processed === 'no' && retry !== 'idempotent') ? 'It was not processed.' : undefined
}
