import { AxiosError } from 'axios'
import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/axios.ts'

const axiosError = { name: 'AxiosError', is: (error: unknown) => error instanceof AxiosError }

export const axios: ClientEntry = {
  name: 'axios',
  package: 'axios',
  how: "`adapter: 'fetch'` with `env: { fetch }`. Options of one call go into its `fetchOptions`: `{ fetchOptions: { fetchstack: … } }`.",
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl)
    return {
      get: async ({ fetchstack, ...options } = {}) => {
        const fetchOptions = fetchstack === undefined ? {} : { fetchOptions: { fetchstack } }
        const { data } = await api.get<unknown>('/videos', {
          headers: requestHeaders(credential),
          ...fetchOptions,
          ...options,
        })
        return data
      },
      post: async (title, { idempotencyKey, ...options } = {}) => {
        const headers = requestHeaders(credential, idempotencyKey)
        const { data } = await api.post<unknown>('/videos', { title }, { headers, ...options })
        return data
      },
      stream: async function* () {
        const { data } = await api.get<ReadableStream<Uint8Array>>('/events', { responseType: 'stream' })
        yield* readText(data)
      },
    }
  },
  ownRetry: { off: 'none' },
  errors: { status: axiosError, network: axiosError },
  perCall: 'call',
}
