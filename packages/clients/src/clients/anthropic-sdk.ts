import Anthropic, { APIConnectionError, InternalServerError } from '@anthropic-ai/sdk'
import type { ClientEntry, Operations } from '../contract.ts'
import { createApi } from '../snippets/anthropic-sdk.ts'

const message = (content: string): Anthropic.MessageCreateParamsNonStreaming => ({
  model: 'one',
  max_tokens: 100,
  messages: [{ role: 'user', content }],
})

const operations = (api: Anthropic): Operations => ({
  get: ({ signal, ...rest } = {}) => api.models.retrieve('one', {}, { signal, fetchOptions: rest as object }),
  post: (text, { signal, idempotencyKey } = {}) =>
    api.messages.create(message(text), {
      signal,
      // The option `idempotencyKey` sends nothing: the client has no name for the header.
      ...(idempotencyKey && { headers: { 'idempotency-key': idempotencyKey } }),
    }),
  stream: async function* () {
    for await (const event of await api.messages.create({ ...message('Hello'), stream: true })) yield event
  },
})

const answer = {
  id: 'new',
  type: 'message',
  role: 'assistant',
  model: 'one',
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
}

const events = ['One', ' two', ' three', '.'].map((text) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
}))

export const anthropic: ClientEntry = {
  name: 'anthropic-sdk',
  package: '@anthropic-ai/sdk',
  how: '`new Anthropic({ fetch })`. Options of one call go into its `fetchOptions`: `{ fetchOptions: { fetchstack: … } }`.',
  exchanges: {
    get: { route: 'GET /v1/models/one', answer: { id: 'one', type: 'model' } },
    post: { route: 'POST /v1/messages', answer },
    stream: {
      route: 'POST /v1/messages',
      body: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
      items: events,
    },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) => operations(createApi(fetch, baseUrl, credential)),
  ownRetry: {
    off: '`maxRetries: 0`',
    warning: /maxRetries: 0/,
    leftOn: ({ fetch, baseUrl }) => operations(new Anthropic({ fetch, baseURL: baseUrl, apiKey: 'unused' })),
  },
  errors: {
    status: { name: 'InternalServerError', is: (error) => error instanceof InternalServerError },
    network: { name: 'APIConnectionError', is: (error) => error instanceof APIConnectionError },
  },
  perCall: 'call',
  credential: { sent: (credential) => `Bearer ${credential}` },
}
