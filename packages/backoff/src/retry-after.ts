import { decimal, readHeader, secondsOrDate, serverTime } from './read-header.ts'
import type { HintContext, HintResponse, ServerHint } from './types.ts'

// The exact ones first: who sends one of them rounds in Retry-After.
const names = ['retry-after-ms', 'x-ms-retry-after-ms', 'x-amz-retry-after', 'grpc-retry-pushback-ms', 'retry-after']

/**
 * Reads `Retry-After` and its relatives in milliseconds, and no rate-limit header: the small part of `serverHint`.
 *
 * `retry-after-ms`, `x-ms-retry-after-ms`, `x-amz-retry-after` and `grpc-retry-pushback-ms` hold milliseconds, `retry-after`
 * seconds, also with decimals, or an HTTP-date in one of its three forms. In this order; the first that is usable wins. A date
 * in the past is 0, and is compared with the response's own `Date` where there is one. Of a header that was sent more than
 * once, the largest usable value counts. What can't be read (a negative number, any other text) is passed over, and the
 * evidence says so.
 *
 * Pure; never throws. Sources: RFC 9110 §10.2.3; the OpenAI, Azure and AWS SDKs; gRPC proposal A6.
 *
 * @param response - A `Response`, or anything with its `status` and `headers`.
 * @param context - The current time in milliseconds since the epoch.
 * @returns A delay in whole milliseconds, rounded up, at most 10^15; `undefined` when nothing usable was said.
 * @example
 * ```ts
 * import { retryAfter } from '@fetchstack/backoff'
 *
 * const response = new Response(null, { status: 429, headers: { 'retry-after': '1.5' } })
 * retryAfter(response, { now: Date.now() }).delay // 1500
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function retryAfter(response: HintResponse, { now }: HintContext): ServerHint {
  const evidence: string[] = []
  const clock = serverTime(response, now)
  for (const source of names) {
    const delay = readHeader(response, source, source === 'retry-after' ? secondsOrDate : decimal, clock, evidence)
    if (delay >= 0) return { delay, source, evidence }
  }
  return { delay: undefined, source: undefined, evidence }
}
