import type { FetchFunction } from '@fetchstack/handler-stack'
import { createClient, createConfig } from '@hey-api/client-fetch'

export function createApi(fetch: FetchFunction, baseUrl: string) {
  return createClient(createConfig({ baseUrl, fetch }))
}
