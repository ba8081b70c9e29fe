import { createFetch, FetchError } from 'ofetch'
import type { ClientEntry, Operations } from '../contract.ts'
import { readText } from '../read-text.ts'
import { createApi } from '../snippets/ofetch.ts'

const operations = (api: ReturnType<typeof createApi>, credential: string | undefined): Operations => {
  const headers = credential === undefined ? {} : { authorization: credential }
  return {
    get: ({ signal, ...rest } = {}) => api('/videos', { headers, ...(signal && { signal }), ...rest }),
    post: (text, { signal, idempotencyKey } = {}) =>
      api('/videos', {
        method: 'POST',
        body: { title: text },
        headers: { ...headers, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
        ...(signal && { signal }),
      }),
    stream: async function* () {
      yield* readText(await api('/events', { responseType: 'stream' }))
    },
  }
}

const fetchError = { name: 'FetchError', is: (error: unknown) => error instanceof FetchError }

export const ofetch: ClientEntry = {
  name: 'ofetch',
  package: 'ofetch',
  how: '`createFetch({ fetch })`. Unknown options of a call reach the stack.',
  make: ({ fetch, baseUrl, credential }) => operations(createApi(fetch, baseUrl), credential),
  ownRetry: {
    off: '`retry: 0`',
    leftOn: ({ fetch, baseUrl }) => operations(createFetch({ fetch, defaults: { baseURL: baseUrl } }), undefined),
  },
  errors: { status: fetchError, network: fetchError },
  perCall: 'call',
}
