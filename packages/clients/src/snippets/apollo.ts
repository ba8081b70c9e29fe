import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import type { FetchFunction } from '@fetchstack/handler-stack'

export function createApi(fetch: FetchFunction, baseUrl: string) {
  return new ApolloClient({
    cache: new InMemoryCache(),
    // As GET, queries are known to be safe to resend.
    link: new HttpLink({ uri: `${baseUrl}/graphql`, fetch, useGETForQueries: true }),
  })
}
