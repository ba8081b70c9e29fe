import { XiorError } from 'xior'
import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/xior.ts'

export const xior: ClientEntry = {
  name: 'xior',
  package: 'xior',
  how: '`xior.create({ fetch })`. Unknown options of a call reach the stack.',
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl)
    return {
      get: async (options) => {
        const { data } = await api.get<unknown>('/videos', { headers: requestHeaders(credential), ...options })
        return data
      },
      post: async (title, { idempotencyKey, ...options } = {}) => {
        const headers = requestHeaders(credential, idempotencyKey)
        const { data } = await api.post<unknown>('/videos', { title }, { headers, ...options })
        return data
      },
      stream: async function* () {
        // On Node it is a stream of Node's.
        const { data } = await api.get<AsyncIterable<Uint8Array>>('/events', { responseType: 'stream' })
        yield* readText(data)
      },
    }
  },
  ownRetry: { off: 'none, unless its error-retry plugin is added: leave that out' },
  errors: {
    status: { name: 'XiorError', is: (error) => error instanceof XiorError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'call',
}
