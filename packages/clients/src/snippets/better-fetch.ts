import { createFetch } from '@better-fetch/fetch'
import type { FetchFunction } from '@fetchstack/handler-stack'

export function createApi(fetch: FetchFunction, baseURL: string) {
  return createFetch({ baseURL, customFetchImpl: fetch, throw: true })
}
