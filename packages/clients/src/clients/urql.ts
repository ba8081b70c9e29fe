import { CombinedError, type OperationResult, type OperationResultSource } from '@urql/core'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/urql.ts'
import { ADD_VIDEO, graphqlExchanges, TICKS, VIDEOS } from './graphql.ts'

const combinedError = (error: unknown): error is CombinedError => error instanceof CombinedError

/** urql takes no signal: who unsubscribes aborts. */
const first = (source: OperationResultSource<OperationResult<unknown>>, signal?: AbortSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const { unsubscribe } = source.subscribe(({ error, data }) => {
      if (error) reject(error)
      else resolve(data)
    })
    signal?.addEventListener('abort', () => {
      unsubscribe()
      reject(signal.reason)
    })
  })

async function* all(source: OperationResultSource<OperationResult<{ tick: number }>>): AsyncGenerator {
  const results: OperationResult<{ tick: number }>[] = []
  let wake = (): void => {}
  source.subscribe((result) => {
    results.push(result)
    wake()
  })
  for (;;) {
    const result = results.shift()
    if (result === undefined) {
      await new Promise<void>((resolve) => (wake = resolve))
      continue
    }
    if (result.error) throw result.error
    if (!result.hasNext) return
    yield result.data?.tick
  }
}

export const urql: ClientEntry = {
  name: 'urql',
  package: '@urql/core',
  how: '`new Client({ fetch })`. Options of one call go into its `fetchOptions`: `{ fetchOptions: { fetchstack: … } }`. Abort by unsubscribing.',
  exchanges: {
    ...graphqlExchanges,
    stream: {
      route: 'POST /graphql',
      body: [1, 2, 3].map((tick) => `event: next\ndata: {"data":{"tick":${tick}}}\n\n`).join(''),
      items: [1, 2, 3],
    },
  },
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl)
    return {
      get: ({ signal, ...options } = {}) =>
        first(api.query(VIDEOS, {}, { fetchOptions: { headers: requestHeaders(credential), ...options } }), signal),
      post: (title, { idempotencyKey, signal } = {}) => {
        const fetchOptions = { headers: requestHeaders(credential, idempotencyKey) }
        return first(api.mutation(ADD_VIDEO, { title }, { fetchOptions }), signal)
      },
      stream: () => all(api.subscription<{ tick: number }>(TICKS, {})),
    }
  },
  ownRetry: { off: 'none, unless `retryExchange` is added: leave that out' },
  errors: {
    status: { name: 'CombinedError', is: combinedError },
    network: {
      name: 'CombinedError',
      is: combinedError,
      trail: { how: '`explain(error.networkError)`', of: (error) => (error as CombinedError).networkError },
    },
  },
  perCall: 'call',
}
