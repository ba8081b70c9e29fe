import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/openapi-fetch.ts'

type Json<T> = { content: { 'application/json': T } }
type Answer<T> = { responses: { 200: Json<T>; default: Json<{ message: string }> } }

interface Paths {
  '/videos': {
    get: Answer<{ videos: string[] }>
    post: Answer<{ id: string }> & { requestBody: Json<{ title: string }> }
  }
  '/events': { get: Answer<string> }
}

/** It does not throw: its result has the error, besides the response. */
const dataOf = ({ data, ...rest }: { data?: unknown; error?: unknown; response: Response }): unknown => {
  if (!rest.response.ok) throw rest as unknown
  return data
}

export const openapiFetch: ClientEntry = {
  name: 'openapi-fetch',
  package: 'openapi-fetch',
  how: '`createClient({ fetch })`. Unknown options of a call reach the stack.',
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi<Paths>(fetch, baseUrl)
    return {
      get: async (options) => dataOf(await api.GET('/videos', { headers: requestHeaders(credential), ...options })),
      post: async (title, { idempotencyKey, ...options } = {}) =>
        dataOf(
          await api.POST('/videos', {
            body: { title },
            headers: requestHeaders(credential, idempotencyKey),
            ...options,
          }),
        ),
      stream: async function* () {
        const { data } = await api.GET('/events', { parseAs: 'stream' })
        yield* readText(data)
      },
    }
  },
  ownRetry: { off: 'none' },
  errors: {
    status: { name: '{ error, response }', is: (result) => result instanceof Object && 'error' in result },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'call',
}
