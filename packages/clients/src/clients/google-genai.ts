import { ApiError, type GoogleGenAI } from '@google/genai'
import type { ClientEntry, Operations } from '../contract.ts'
import { createApi } from '../snippets/google-genai.ts'

const answer = (text: string): object => ({ candidates: [{ content: { role: 'model', parts: [{ text }] } }] })
const items = ['One', ' two', ' three', '.']

const operations = (api: GoogleGenAI): Operations => ({
  get: async ({ signal } = {}) => {
    const { name } = await api.models.get({ model: 'one', config: { ...(signal && { abortSignal: signal }) } })
    return { name }
  },
  post: async (contents, { signal, idempotencyKey } = {}) => {
    const headers = { ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) }
    const config = { httpOptions: { headers }, ...(signal && { abortSignal: signal }) }
    return (await api.models.generateContent({ model: 'one', contents, config })).text
  },
  stream: async function* () {
    for await (const { text } of await api.models.generateContentStream({ model: 'one', contents: 'Hello' })) yield text
  },
})

export const googleGenai: ClientEntry = {
  name: 'google-genai',
  package: '@google/genai',
  how: '`new GoogleGenAI({ httpOptions: { fetch } })`. A call has no room for options that it does not know.',
  exchanges: {
    get: { route: 'GET /v1/models/one', answer: { name: 'models/one' } },
    post: { route: 'POST /v1/models/one:generateContent', answer: answer('Hello'), result: 'Hello' },
    stream: {
      route: 'POST /v1/models/one:streamGenerateContent',
      body: items.map((text) => `data: ${JSON.stringify(answer(text))}\n\n`).join(''),
      items,
    },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) => operations(createApi(fetch, baseUrl, credential)),
  ownRetry: { off: 'off by default (`httpOptions.retryOptions`)' },
  errors: {
    status: { name: 'ApiError', is: (error) => error instanceof ApiError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'withOptions',
  cannot: {
    'status-error': '`ApiError` keeps the status and the message, and nothing that leads to the response.',
  },
  credential: { header: 'x-goog-api-key' },
}
