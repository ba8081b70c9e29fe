import type { FetchFunction } from '@fetchstack/handler-stack'
import { GraphQLClient } from 'graphql-request'

export function createApi(fetch: FetchFunction, baseUrl: string) {
  // As GET, queries are known to be safe to resend. As POST, nothing is resent that may have been processed.
  return new GraphQLClient(`${baseUrl}/graphql`, { fetch, method: 'GET' })
}
