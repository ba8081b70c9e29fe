import { createFetch, FetchError } from 'ofetch'
import type { ClientEntry, Operations } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/ofetch.ts'

const operations = (api: ReturnType<typeof createApi>, credential?: string): Operations => ({
  get: (options) => api('/videos', { headers: requestHeaders(credential), ...options }),
  post: (title, { idempotencyKey, ...options } = {}) =>
    api('/videos', {
      method: 'POST',
      body: { title },
      headers: requestHeaders(credential, idempotencyKey),
      ...options,
    }),
  stream: async function* () {
    yield* readText(await api('/events', { responseType: 'stream' }))
  },
})

const fetchError = { name: 'FetchError', is: (error: unknown) => error instanceof FetchError }

export const ofetch: ClientEntry = {
  name: 'ofetch',
  package: 'ofetch',
  how: '`createFetch({ fetch })`. Unknown options of a call reach the stack.',
  make: ({ fetch, baseUrl, credential }) => operations(createApi(fetch, baseUrl), credential),
  ownRetry: {
    off: '`retry: 0`',
    leftOn: ({ fetch, baseUrl }) => operations(createFetch({ fetch, defaults: { baseURL: baseUrl } })),
  },
  errors: { status: fetchError, network: fetchError },
  perCall: 'call',
}
