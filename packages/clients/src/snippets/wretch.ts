import type { FetchFunction } from '@fetchstack/handler-stack'
import wretch from 'wretch'

export function createApi(fetch: FetchFunction, baseUrl: string) {
  return wretch(baseUrl).fetchPolyfill(fetch)
}
