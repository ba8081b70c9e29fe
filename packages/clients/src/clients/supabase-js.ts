import type { ClientEntry, Operations } from '../contract.ts'
import { readText } from '../read-text.ts'
import { createApi } from '../snippets/supabase-js.ts'

const operations = (api: ReturnType<typeof createApi>): Operations => ({
  get: async ({ signal } = {}) => {
    const query = api.from('videos').select().throwOnError()
    const { data }: { data: unknown } = await (signal ? query.abortSignal(signal) : query)
    return data
  },
  post: async (title, { signal, idempotencyKey } = {}) => {
    let query = api.from('videos').insert({ title }).select().throwOnError()
    if (idempotencyKey !== undefined) query = query.setHeader('idempotency-key', idempotencyKey)
    const { data }: { data: unknown } = await (signal ? query.abortSignal(signal) : query)
    return data
  },
  stream: async function* () {
    const answer: unknown = await api.functions.invoke('events', { method: 'GET' })
    const { data, error } = answer as { data: Response | null; error: unknown }
    if (error) throw error as Error
    yield* readText(data?.body)
  },
})

const rows = [{ id: 1, title: 'one' }]

export const supabase: ClientEntry = {
  name: 'supabase-js',
  package: '@supabase/supabase-js',
  how: '`createClient(url, key, { global: { fetch } })`. A call has no room for options that it does not know. A stream is that of an edge function.',
  exchanges: {
    get: { route: 'GET /rest/v1/videos', answer: rows },
    post: { route: 'POST /rest/v1/videos', answer: rows },
    stream: { route: 'GET /functions/v1/events', body: 'data: {"n":1}\n\ndata: {"n":2}\n\ndata: {"n":3}\n\n' },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) => operations(createApi(fetch, baseUrl, credential)),
  ownRetry: {
    off: '`db: { retry: false }`',
    warning: /db: \{ retry: false \}/,
    // As it is by default.
    leftOn: ({ fetch, baseUrl }) => operations(createApi(fetch, baseUrl, 'unused', true)),
  },
  errors: {
    status: { name: 'PostgrestError', is: (error) => (error as Error).name === 'PostgrestError' },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'withOptions',
  cannot: {
    'status-error': '`PostgrestError` has what the body says, and nothing that leads to the response.',
  },
  credential: { sent: (credential) => `Bearer ${credential}` },
}
