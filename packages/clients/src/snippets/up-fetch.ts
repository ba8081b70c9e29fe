import type { FetchFunction } from '@fetchstack/handler-stack'
import { ResponseError, up } from 'up-fetch'

export function createApi(fetch: FetchFunction, baseUrl: string) {
  return up(fetch, () => ({
    baseUrl,
    // Its error without the response has nothing that `explain` could read.
    parseRejected: async (response) =>
      Object.assign(
        new ResponseError({ message: response.statusText, status: response.status, data: await response.text() }),
        { response },
      ),
  }))
}
