import { TRPCClientError } from '@trpc/client'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/trpc.ts'
import { router } from './trpc-router.ts'

/** What a real tRPC server streams. */
const streamed = await fetchRequestHandler({
  endpoint: '/trpc',
  req: new Request('http://localhost/trpc/ticks?batch=1&input=%7B%7D', {
    headers: { 'trpc-accept': 'application/jsonl' },
  }),
  router,
})

type Meta = { readonly response?: unknown } | undefined
const trpcError = (error: unknown): boolean => error instanceof TRPCClientError

export const trpc: ClientEntry = {
  name: 'trpc',
  package: '@trpc/client',
  how: '`httpLink({ fetch })`, and the same for the other links over HTTP. Queries are GET, mutations POST.',
  exchanges: {
    get: {
      route: 'GET /trpc/videos',
      answer: { result: { data: { videos: ['one'] } } },
      result: { videos: ['one'] },
      unavailable: { error: { message: 'down', code: -32603, data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 } } },
    },
    post: { route: 'POST /trpc/addVideo', answer: { result: { data: { id: 'new' } } }, result: { id: 'new' } },
    stream: {
      route: 'GET /trpc/ticks',
      contentType: 'application/json',
      body: await streamed.text(),
      items: [1, 2, 3],
    },
  },
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, `${baseUrl}/trpc`)
    return {
      get: (options) => api.videos.query(undefined, { context: { headers: requestHeaders(credential) }, ...options }),
      post: (title, { idempotencyKey, ...options } = {}) => {
        const headers = requestHeaders(credential, idempotencyKey)
        return api.addVideo.mutate({ title }, { context: { headers }, ...options })
      },
      stream: async function* () {
        yield* await api.ticks.query(undefined, { context: { stream: true } })
      },
    }
  },
  ownRetry: { off: 'none, unless a `retryLink` is added: leave that out' },
  errors: {
    status: {
      name: 'TRPCClientError',
      is: trpcError,
      trail: {
        how: '`explain(error.meta?.response)`, which is there when the answer was in the form of tRPC (not a page of a proxy)',
        of: (error) => (error as { meta: Meta }).meta?.response,
      },
    },
    network: { name: 'TRPCClientError', is: trpcError },
  },
  perCall: 'withOptions',
}
