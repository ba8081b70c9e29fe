import { ConnectionError, MistralError } from '@mistralai/mistralai/models/errors'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/mistral.ts'
import { completion, completionItems, completionStream } from './completions.ts'

const hello = { model: 'one', messages: [{ role: 'user' as const, content: 'Hello' }] }

export const mistral: ClientEntry = {
  name: 'mistral',
  package: '@mistralai/mistralai',
  how: '`new Mistral({ httpClient: new HTTPClient({ fetcher: fetch }) })`. It makes a `Request` of its options, so those of one call are bound.',
  exchanges: {
    get: { route: 'GET /v1/models', answer: { object: 'list', data: [] } },
    post: { route: 'POST /v1/chat/completions', answer: completion, result: 'Hello' },
    stream: { route: 'POST /v1/chat/completions', body: completionStream, items: completionItems },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) => {
    const api = createApi(fetch, baseUrl, credential)
    return {
      get: ({ signal } = {}) => api.models.list({}, { ...(signal && { signal }) }),
      post: async (content, { signal, idempotencyKey } = {}) => {
        const headers = requestHeaders(undefined, idempotencyKey)
        const options = { headers, ...(signal && { signal }) }
        const { choices } = await api.chat.complete({ ...hello, messages: [{ role: 'user', content }] }, options)
        return choices[0]?.message?.content
      },
      stream: async function* () {
        for await (const { data } of await api.chat.stream(hello)) yield data.choices[0]?.delta.content
      },
    }
  },
  ownRetry: { off: 'off by default (`retryConfig`)' },
  errors: {
    status: { name: 'MistralError', is: (error) => error instanceof MistralError },
    network: { name: 'ConnectionError', is: (error) => error instanceof ConnectionError },
  },
  perCall: 'withOptions',
  credential: { sent: (credential) => `Bearer ${credential}` },
}
