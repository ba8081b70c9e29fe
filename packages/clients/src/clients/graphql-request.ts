import { ClientError } from 'graphql-request'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/graphql-request.ts'
import { ADD_VIDEO, graphqlExchanges, VIDEOS } from './graphql.ts'

export const graphqlRequest: ClientEntry = {
  name: 'graphql-request',
  package: 'graphql-request',
  how: '`new GraphQLClient(url, { fetch })`. Mutations go as POST: give them an Idempotency-Key where the server knows it.',
  exchanges: graphqlExchanges,
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl)
    return {
      get: (options) => api.request({ document: VIDEOS, requestHeaders: requestHeaders(credential), ...options }),
      post: (title, { idempotencyKey, ...options } = {}) =>
        api.request({
          document: ADD_VIDEO,
          variables: { title },
          requestHeaders: requestHeaders(credential, idempotencyKey),
          ...options,
        }),
    }
  },
  ownRetry: { off: 'none' },
  errors: {
    status: { name: 'ClientError', is: (error) => error instanceof ClientError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'withOptions',
  cannot: { stream: 'it reads whole answers only.' },
}
