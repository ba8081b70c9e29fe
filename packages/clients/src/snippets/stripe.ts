import type { FetchFunction } from '@fetchstack/handler-stack'
import { Stripe } from 'stripe'

export function createApi(fetch: FetchFunction, baseUrl: string, key: string) {
  const { protocol, hostname, port } = new URL(baseUrl)
  return new Stripe(key, {
    httpClient: Stripe.createFetchHttpClient(fetch),
    // Its own retry resends twice by default; its own timeout is 80 s, more than the stack's.
    maxNetworkRetries: 0,
    // Only for another server than Stripe's.
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port && { port }),
  })
}
