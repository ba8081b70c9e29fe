import type { FetchFunction } from '@fetchstack/handler-stack'
import { WebClient, type WebClientOptions } from '@slack/web-api'

export function createApi(fetch: FetchFunction, token: string, options: WebClientOptions) {
  return new WebClient(token, {
    // Its own retry resends ten times by default, and at a 429 it holds back all calls: that is the stack's now.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // All its calls are POSTs: the stack repeats them after a 503 only with `headers: { 'idempotency-key': '…' }`.
    ...options,
    fetch,
  })
}
