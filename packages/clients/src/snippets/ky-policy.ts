import type { FetchFunction } from '@fetchstack/handler-stack'
import { type KyRetryPolicy, kyRetry } from '@fetchstack/ky'
import ky from 'ky'

/** `fetch` is a stack without `retry`: the loop is ky's. */
export function createApi(fetch: FetchFunction, prefix: string, policy: KyRetryPolicy) {
  return ky.create({ fetch, prefix, retry: kyRetry(policy), timeout: 10_000, totalTimeout: 30_000 })
}
