import { createOpenAI } from '@ai-sdk/openai'
import { APICallError, generateText } from 'ai'
import type { ClientEntry, Operations } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/ai-sdk.ts'
import { completion, completionItems, completionStream } from './completions.ts'

const route = 'POST /v1/chat/completions'

const operations = (api: Pick<ReturnType<typeof createApi>, 'ask'>): Operations => {
  const post: Operations['post'] = async (prompt, { signal, idempotencyKey } = {}) => {
    const headers = requestHeaders(undefined, idempotencyKey)
    const { text } = await api.ask({ prompt, headers, ...(signal && { abortSignal: signal }) })
    return text
  }
  return { get: ({ signal } = {}) => post('Hello', { idempotencyKey: 'get', ...(signal && { signal }) }), post }
}

const callError = { name: 'APICallError', is: (error: unknown) => APICallError.isInstance(error) }

export const aiSdk: ClientEntry = {
  name: 'ai-sdk',
  package: 'ai',
  how: '`createOpenAI({ fetch })`, and so with every provider. It sends no GET: in its place stands a POST with an Idempotency-Key. A call has no room for options that it does not know.',
  exchanges: {
    get: { route, answer: completion, result: 'Hello' },
    post: { route, answer: completion, result: 'Hello' },
    stream: { route, body: completionStream, items: completionItems },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) => {
    const api = createApi(fetch, baseUrl, credential)
    return {
      ...operations(api),
      stream: async function* () {
        yield* api.tell({ prompt: 'Hello' }).textStream
      },
    }
  },
  ownRetry: {
    off: '`maxRetries: 0`, in each call',
    warning: /AI SDK: maxRetries: 0/,
    leftOn: ({ fetch, baseUrl }) => {
      const model = createOpenAI({ fetch, baseURL: `${baseUrl}/v1`, apiKey: 'unused' }).chat('one')
      return operations({ ask: (options) => generateText({ model, ...options }) })
    },
  },
  errors: { status: callError, network: callError },
  perCall: 'withOptions',
  cannot: {
    'status-error': '`APICallError` has a copy of the headers, and nothing that leads to the response.',
  },
  credential: { sent: (credential) => `Bearer ${credential}` },
}
