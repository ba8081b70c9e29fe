import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Builds a new response around the body, as most wrappers do. */
const rebuilds: Middleware = (next) =>
  async function rebuilds(request, call) {
    const { body, status, headers } = await next(request, call)
    return new Response(body, { status, headers })
  }

export const metadata: readonly Broken[] = [
  {
    subject: rebuilds,
    declares: { changesResponse: true },
    says: /lost url \(http.*, now ""\), redirected \(true, now "false"\)/,
  },
]
