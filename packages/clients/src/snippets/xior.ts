import type { FetchFunction } from '@fetchstack/handler-stack'
import xior from 'xior'

export function createApi(fetch: FetchFunction, baseURL: string) {
  return xior.create({ fetch, baseURL })
}
