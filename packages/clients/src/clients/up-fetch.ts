import { isResponseError } from 'up-fetch'
import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/up-fetch.ts'

export const upFetch: ClientEntry = {
  name: 'up-fetch',
  package: 'up-fetch',
  how: '`up(fetch)`. Unknown options of a call reach the stack.',
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl)
    return {
      get: (options) => api('/videos', { headers: requestHeaders(credential), ...options }),
      post: (title, { idempotencyKey, ...options } = {}) =>
        api('/videos', {
          method: 'POST',
          body: { title },
          headers: requestHeaders(credential, idempotencyKey),
          ...options,
        }),
      stream: async function* () {
        yield* readText(await api('/events', { parseResponse: ({ body }) => body }))
      },
    }
  },
  ownRetry: { off: 'none, unless `retry.attempts` is set: leave it at 0' },
  errors: {
    status: { name: 'ResponseError', is: isResponseError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'call',
}
