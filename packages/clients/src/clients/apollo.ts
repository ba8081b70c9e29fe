import { gql } from '@apollo/client'
import { ServerError } from '@apollo/client/errors'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/apollo.ts'
import { ADD_VIDEO, graphqlExchanges, TICKS, VIDEOS } from './graphql.ts'

const part = (payload: object | null): string =>
  `\r\n--graphql\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ payload })}`

async function* ticks(api: ReturnType<typeof createApi>): AsyncGenerator {
  const seen: unknown[] = []
  let wake = (): void => {}
  let over: { readonly error?: Error } | undefined
  api.subscribe<{ tick: number }>({ query: gql(TICKS), fetchPolicy: 'no-cache' }).subscribe({
    next: ({ data, error }) => {
      if (error) over = { error }
      else seen.push(data?.tick)
      wake()
    },
    error: (error: Error) => {
      over = { error }
      wake()
    },
    complete: () => {
      over ??= {}
      wake()
    },
  })
  for (;;) {
    if (seen.length > 0) yield seen.shift()
    else if (over?.error) throw over.error
    else if (over) return
    else await new Promise<void>((resolve) => (wake = resolve))
  }
}

export const apollo: ClientEntry = {
  name: 'apollo',
  package: '@apollo/client',
  how: '`new HttpLink({ fetch })`. Options of one call go into its `context`: `{ context: { fetchOptions: { fetchstack: … } } }`.',
  exchanges: {
    ...graphqlExchanges,
    stream: {
      route: 'GET /graphql',
      contentType: 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0',
      body: `${[1, 2, 3].map((tick) => part({ data: { tick } })).join('')}${part(null)}\r\n--graphql--\r\n`,
      items: [1, 2, 3],
    },
  },
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl)
    return {
      get: async (fetchOptions = {}) => {
        const context = { headers: requestHeaders(credential), fetchOptions }
        const { data } = await api.query({ query: gql(VIDEOS), fetchPolicy: 'no-cache', context })
        return data
      },
      post: async (title, { idempotencyKey, ...fetchOptions } = {}) => {
        const context = { headers: requestHeaders(credential, idempotencyKey), fetchOptions }
        const { data } = await api.mutate({
          mutation: gql(ADD_VIDEO),
          variables: { title },
          fetchPolicy: 'no-cache',
          context,
        })
        return data
      },
      stream: () => ticks(api),
    }
  },
  ownRetry: { off: 'none, unless a `RetryLink` is added: leave that out' },
  errors: {
    status: { name: 'ServerError', is: (error) => ServerError.is(error) },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'call',
}
