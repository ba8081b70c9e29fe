import type { FetchFunction } from '@fetchstack/handler-stack'
import axios from 'axios'

export function createApi(fetch: FetchFunction, baseURL: string) {
  return axios.create({ adapter: 'fetch', env: { fetch }, baseURL })
}
