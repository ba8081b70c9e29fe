import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/octokit.ts'

const httpError = { name: 'RequestError', is: (error: unknown) => error instanceof Error && error.name === 'HttpError' }

/** Its types know the routes of GitHub only. */
const dataOf = ({ data }: { data: unknown }): unknown => data

export const octokit: ClientEntry = {
  name: 'octokit',
  package: '@octokit/core',
  how: '`new Octokit({ request: { fetch } })`.',
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl, credential)
    return {
      get: async (request = {}) => {
        return dataOf(await api.request<string>('GET /videos', { request }))
      },
      post: async (title, { idempotencyKey, ...request } = {}) => {
        const headers = requestHeaders(undefined, idempotencyKey)
        return dataOf(await api.request<string>('POST /videos', { title, headers, request }))
      },
      stream: async function* () {
        const request = { parseSuccessResponseBody: false }
        yield* readText(dataOf(await api.request<string>('GET /events', { request })) as ReadableStream<Uint8Array>)
      },
    }
  },
  ownRetry: { off: 'none, unless @octokit/plugin-retry is added (`octokit` brings it): `retry: { enabled: false }`' },
  errors: { status: httpError, network: httpError },
  credential: { sent: (credential) => `token ${credential}` },
  perCall: 'withOptions',
  cannot: {
    'status-error': 'its error has copies only; `retry({ onDecision })` tells each decision.',
    stall:
      'it takes a JSON body that breaks off for an empty one: the call ends in time, as a success with `data: ""`.',
  },
}
