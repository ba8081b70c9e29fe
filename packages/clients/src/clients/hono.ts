import { Hono } from 'hono'
import { validator } from 'hono/validator'
import type { ClientEntry } from '../contract.ts'
import { readText } from '../read-text.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/hono.ts'

const app = new Hono()
  .get('/videos', (context) => context.json({ videos: ['one'] }))
  .post(
    '/videos',
    validator('json', (value: { title: string }) => value),
    (context) => context.json({ id: 'new' }),
  )
  .get('/events', (context) => context.text('data: 1'))

/** It gives the response, whatever its status. */
const dataOf = async (response: { readonly ok: boolean; json(): Promise<unknown> }): Promise<unknown> => {
  if (!response.ok) throw response as unknown
  return response.json()
}

export const hono: ClientEntry = {
  name: 'hono',
  package: 'hono',
  how: '`hc(url, { fetch })`. Options of one call go into its `init`: `{ init: { fetchstack: … } }`.',
  make: ({ fetch, baseUrl, credential }) => {
    const api = createApi<typeof app>(fetch, baseUrl)
    const headers = requestHeaders(credential)
    return {
      get: async (init = {}) => dataOf(await api.videos.$get({}, { headers, init })),
      post: async (title, { idempotencyKey, ...init } = {}) =>
        dataOf(
          await api.videos.$post({ json: { title } }, { headers: requestHeaders(credential, idempotencyKey), init }),
        ),
      stream: async function* () {
        const { body } = await api.events.$get()
        yield* readText(body)
      },
    }
  },
  ownRetry: { off: 'none' },
  errors: {
    status: { name: 'Response', is: (result) => result instanceof Response },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'call',
}
