import { BetterFetchError } from '@better-fetch/fetch'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/better-fetch.ts'

export const betterFetch: ClientEntry = {
  name: 'better-fetch',
  package: '@better-fetch/fetch',
  how: '`createFetch({ customFetchImpl: fetch })`. Unknown options of a call reach the stack.',
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
    }
  },
  ownRetry: { off: 'none, unless `retry` is set: leave it out' },
  errors: {
    status: { name: 'BetterFetchError', is: (error) => error instanceof BetterFetchError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'call',
  cannot: {
    'status-error':
      'its error keeps neither the response nor its headers; `retry({ onDecision })` tells each decision.',
    stream: 'it hands over whole bodies only.',
  },
}
