import Groq, { APIConnectionError, InternalServerError } from 'groq-sdk'
import type { ClientEntry, Operations } from '../contract.ts'
import { createApi } from '../snippets/groq-sdk.ts'
import { completion, completionItems, completionStream } from './completions.ts'

const operations = (api: Groq): Operations => ({
  get: ({ signal, ...rest } = {}) => api.models.retrieve('one', { signal, fetchOptions: rest as object }),
  post: (content, { signal, idempotencyKey } = {}) =>
    api.chat.completions.create(
      { model: 'one', messages: [{ role: 'user', content }] },
      // The option `idempotencyKey` sends nothing: the client has no name for the header.
      { signal, ...(idempotencyKey && { headers: { 'idempotency-key': idempotencyKey } }) },
    ),
  stream: async function* () {
    const messages = [{ role: 'user' as const, content: 'Hello' }]
    const chunks = await api.chat.completions.create({ model: 'one', messages, stream: true })
    for await (const chunk of chunks) yield chunk.choices[0]?.delta.content
  },
})

export const groq: ClientEntry = {
  name: 'groq-sdk',
  package: 'groq-sdk',
  how: '`new Groq({ fetch })`. Options of one call go into its `fetchOptions`: `{ fetchOptions: { fetchstack: … } }`.',
  exchanges: {
    get: { route: 'GET /openai/v1/models/one', answer: { id: 'one', object: 'model' } },
    post: { route: 'POST /openai/v1/chat/completions', answer: completion },
    stream: { route: 'POST /openai/v1/chat/completions', body: completionStream, items: completionItems },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) => operations(createApi(fetch, baseUrl, credential)),
  ownRetry: {
    off: '`maxRetries: 0`',
    warning: /maxRetries: 0/,
    leftOn: ({ fetch, baseUrl }) => operations(new Groq({ fetch, baseURL: baseUrl, apiKey: 'unused' })),
  },
  errors: {
    status: { name: 'InternalServerError', is: (error) => error instanceof InternalServerError },
    network: { name: 'APIConnectionError', is: (error) => error instanceof APIConnectionError },
  },
  perCall: 'call',
  credential: { sent: (credential) => `Bearer ${credential}` },
}
