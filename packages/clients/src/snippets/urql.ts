import type { FetchFunction } from '@fetchstack/handler-stack'
import { Client, cacheExchange, fetchExchange } from '@urql/core'

export function createApi(fetch: FetchFunction, baseUrl: string) {
  return new Client({
    url: `${baseUrl}/graphql`,
    fetch,
    // As GET, queries are known to be safe to resend.
    preferGetMethod: true,
    fetchSubscriptions: true,
    exchanges: [cacheExchange, fetchExchange],
  })
}
