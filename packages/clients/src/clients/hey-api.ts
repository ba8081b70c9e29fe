import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/hey-api.ts'

/** It does not throw unless told to, and then without the response: its result has both. */
const dataOf = ({ data, ...rest }: { data?: unknown; error?: unknown; response: Response }): unknown => {
  if (!rest.response.ok) throw rest as unknown
  return data
}

export const heyApi: ClientEntry = {
  name: 'hey-api',
  package: '@hey-api/client-fetch',
  how: '`createConfig({ fetch })`, or `client.setConfig({ fetch })` for a generated client.',
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl)
    return {
      get: async (options) =>
        dataOf(await api.get({ url: '/videos', headers: requestHeaders(credential), ...options })),
      post: async (title, { idempotencyKey, ...options } = {}) => {
        const headers = requestHeaders(credential, idempotencyKey)
        return dataOf(await api.post({ url: '/videos', body: { title }, headers, ...options }))
      },
      stream: async function* () {
        const { data } = await api.get({ url: '/events', parseAs: 'stream' })
        yield* readText(data as ReadableStream<Uint8Array> | undefined)
      },
    }
  },
  ownRetry: { off: 'none' },
  errors: {
    status: { name: '{ error, response }', is: (result) => result instanceof Object && 'error' in result },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'withOptions',
}
