import type { FetchFunction } from '@fetchstack/handler-stack'
import type { Hono } from 'hono'
import { hc } from 'hono/client'

/** `App` is the type of the server's app. */
export function createApi<App extends Hono>(fetch: FetchFunction, baseUrl: string) {
  return hc<App>(baseUrl, { fetch })
}
