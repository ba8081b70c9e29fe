import type { StackFetch } from '@fetchstack/handler-stack'
import type { StackKy } from '@fetchstack/ky'
import type { FaultyServer } from '@fetchstack/testing'

/** One call of the demo, and how it must end. */
export interface DemoCall {
  readonly client: 'ky' | 'fetch'
  readonly title: string
  /** What goes wrong, in a few words. */
  readonly trouble: string
  /** The status that must come out in the end. */
  readonly expected: number
  readonly run: () => Promise<Response>
  /** Looks at what the server received; returns what is wrong. */
  readonly verify?: () => string | undefined
}

export const FILM = { title: 'Waves', length: 90 }

export function demoCalls(api: StackKy<object>, fetch: StackFetch<object>, server: FaultyServer): readonly DemoCall[] {
  // A give-up hands the last response on as it is; with ky's HTTPError off both clients show it in the same way.
  const asIs = { throwHttpErrors: false }
  const at = (path: string): string => `${server.url}${path}`
  return [
    {
      client: 'ky',
      title: 'GET /videos',
      trouble: 'a rate limit that says when to come back',
      expected: 200,
      run: () => api.get('videos', asIs),
    },
    {
      client: 'ky',
      title: 'POST /videos',
      trouble: 'a bad gateway; the Idempotency-Key makes it safe to resend',
      expected: 201,
      run: () => api.post('videos', { ...asIs, json: FILM, headers: { 'idempotency-key': 'film-1' } }),
      verify: () => wholeBodies(server),
    },
    {
      client: 'fetch',
      title: 'GET /videos/7',
      trouble: "a failed TLS handshake behind the CDN (Cloudflare's 525)",
      expected: 200,
      run: () => fetch(at('/videos/7')),
    },
    {
      client: 'fetch',
      title: 'GET /videos/7/comments',
      trouble: 'a reset connection, then an overloaded server',
      expected: 200,
      run: () => fetch(at('/videos/7/comments')),
    },
    {
      client: 'ky',
      title: 'GET /videos/7/thumbnail',
      trouble: 'no answer at all: the attempt times out after 1 s',
      expected: 200,
      run: () => api.get('videos/7/thumbnail', asIs),
    },
    {
      client: 'fetch',
      title: 'GET /videos/7/file',
      trouble: 'a slow body, still within the timeout',
      expected: 200,
      run: () => fetch(at('/videos/7/file')),
    },
    {
      client: 'fetch',
      title: 'GET /health',
      trouble: 'the server restarts: connections are refused for a moment',
      expected: 200,
      run: () => duringRestart(server, () => fetch(at('/health'))),
    },
    {
      client: 'ky',
      title: 'DELETE /videos/7',
      trouble: 'an overloaded server; a DELETE may be resent',
      expected: 204,
      run: () => api.delete('videos/7', asIs),
    },
    {
      client: 'fetch',
      title: 'POST /videos/7/publish',
      trouble: 'overloaded, and no Idempotency-Key: resending might publish twice',
      expected: 503,
      run: () => fetch(at('/videos/7/publish'), { method: 'POST', body: '{}' }),
    },
    {
      client: 'ky',
      title: 'GET /exports',
      trouble: 'the server asks for an hour: longer than anybody wants to hang',
      expected: 503,
      run: () => api.get('exports', asIs),
    },
    {
      client: 'ky',
      title: 'GET /videos/9',
      trouble: 'not there: the same request gets the same answer',
      expected: 404,
      run: () => api.get('videos/9', asIs),
    },
  ]
}

async function duringRestart(server: FaultyServer, call: () => Promise<Response>): Promise<Response> {
  await server.refuse()
  const up = setTimeout(() => void server.accept(), 150)
  try {
    return await call()
  } finally {
    clearTimeout(up)
    await server.accept()
  }
}

function wholeBodies(server: FaultyServer): string | undefined {
  const sent = JSON.stringify(FILM)
  const bodies = server.requests
    .filter(({ method, path }) => method === 'POST' && path === '/videos')
    .map(({ text }) => text)
  return bodies.length === 2 && bodies.every((body) => body === sent)
    ? undefined
    : `the server received ${JSON.stringify(bodies)} instead of twice ${sent}`
}
