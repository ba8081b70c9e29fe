import plainKy, { HTTPError, type KyInstance, NetworkError } from 'ky'
import type { ClientEntry, Operations } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/ky.ts'

/** For both modes. */
export const kyOperations = (api: Pick<KyInstance, 'get' | 'post'>, credential?: string): Operations => ({
  get: (options) => api.get('videos', { headers: requestHeaders(credential), ...options }).json(),
  post: (title, { idempotencyKey, ...options } = {}) =>
    api.post('videos', { json: { title }, headers: requestHeaders(credential, idempotencyKey), ...options }).json(),
  stream: async function* () {
    const { body } = await api.get('events')
    yield* readText(body)
  },
})

export const ky: ClientEntry = {
  name: 'ky',
  package: 'ky',
  how: 'Mode A: the stack under ky. `stackKy(stack)`, or `ky.extend(stackOptions(stack))` for an instance of your own. Per-call options are typed.',
  make: ({ stack, baseUrl, credential }) => kyOperations(createApi(stack, baseUrl), credential),
  ownRetry: {
    off: '`stackKy` switches it off, and refuses it besides a stack that retries',
    leftOn: ({ fetch, baseUrl }) =>
      kyOperations(plainKy.create({ fetch, prefix: baseUrl, retry: { delay: () => 10 } })),
  },
  errors: {
    status: { name: 'HTTPError', is: (error) => error instanceof HTTPError },
    network: { name: 'NetworkError', is: (error) => error instanceof NetworkError },
  },
  perCall: 'call',
}
