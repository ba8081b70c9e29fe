import type { FetchFunction } from '@fetchstack/handler-stack'
import { createFetch } from 'ofetch'

export function createApi(fetch: FetchFunction, baseURL: string) {
  // Its own retry resends once by default, on top of the stack's attempts.
  return createFetch({ fetch, defaults: { baseURL, retry: 0 } })
}
