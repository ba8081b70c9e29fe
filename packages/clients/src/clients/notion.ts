import { APIResponseError, type Client, LogLevel } from '@notionhq/client'
import type { ClientEntry, Operations } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/notion.ts'

// It prints every failed request.
const logLevel = LogLevel.ERROR

const operations = (api: Client): Operations => ({
  get: () => api.users.retrieve({ user_id: 'one' }),
  post: (query, { idempotencyKey } = {}) =>
    api.request({
      path: 'search',
      method: 'post',
      body: { query },
      headers: requestHeaders(undefined, idempotencyKey),
    }),
  stream: async function* () {
    yield* api.sessions.stream({ message: 'Hello' })
  },
})

const events = [1, 2, 3].map((n) => ({ type: 'event.provisional', n }))

export const notion: ClientEntry = {
  name: 'notion',
  package: '@notionhq/client',
  how: '`new Client({ fetch })`. A call has no room for options that it does not know.',
  exchanges: {
    get: {
      route: 'GET /v1/users/one',
      answer: { object: 'user', id: 'one' },
      unavailable: { object: 'error', status: 503, code: 'service_unavailable', message: 'Later.' },
    },
    post: { route: 'POST /v1/search', answer: { object: 'list', results: [] } },
    stream: {
      route: 'POST /v1/sessions',
      body: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
      items: events,
    },
  },
  make: ({ fetch, baseUrl, credential: auth = 'unused' }) => operations(createApi(fetch, { auth, baseUrl, logLevel })),
  ownRetry: {
    off: '`retry: false`',
    leftOn: ({ fetch, baseUrl }) =>
      // As it is by default.
      operations(createApi(fetch, { auth: 'unused', baseUrl, logLevel, retry: {} })),
  },
  errors: {
    status: { name: 'APIResponseError', is: (error) => error instanceof APIResponseError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'withOptions',
  cannot: { abort: 'No call of it takes a signal.' },
  credential: { sent: (credential) => `Bearer ${credential}` },
}
