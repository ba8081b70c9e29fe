import type { FetchFunction } from '@fetchstack/handler-stack'
import createClient from 'openapi-fetch'

/** `Paths` is what openapi-typescript generates. */
export function createApi<Paths extends object>(fetch: FetchFunction, baseUrl: string) {
  return createClient<Paths>({ baseUrl, fetch })
}
