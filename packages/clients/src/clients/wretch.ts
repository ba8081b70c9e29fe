import factory from 'wretch'
import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/wretch.ts'

export const wretch: ClientEntry = {
  name: 'wretch',
  package: 'wretch',
  how: '`.fetchPolyfill(fetch)`. What `.options()` is given reaches the stack.',
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi(fetch, baseUrl).headers(requestHeaders(credential))
    return {
      get: (options = {}) => api.options(options).get('/videos').json(),
      post: (title, { idempotencyKey, ...options } = {}) =>
        api.headers(requestHeaders(credential, idempotencyKey)).options(options).post({ title }, '/videos').json(),
      stream: async function* () {
        const { body } = await api.get('/events').res()
        yield* readText(body)
      },
    }
  },
  ownRetry: { off: 'none, unless its `retry` middleware is added: leave that out' },
  errors: {
    status: { name: 'WretchError', is: (error) => error instanceof factory.WretchError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'call',
}
