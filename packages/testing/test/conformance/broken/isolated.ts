import type { Middleware } from '@fetchstack/handler-stack'
import { getHeaders } from '../headers.ts'
import type { Broken } from './types.ts'

/** Builds its headers once, from those of the first call. */
function makeMemory(): Middleware {
  let first: Record<string, string> | undefined
  return (next) =>
    function remembers(request, call) {
      first ??= getHeaders(request)
      return next(request.with({ headers: { ...first, ...getHeaders(request) } }), call)
    }
}

/** Ends all calls that are under way together with the first that is aborted. */
function makeGroup(): Middleware {
  const rejects = new Set<(reason: unknown) => void>()
  return (next) =>
    function group(request, call) {
      return new Promise((resolve, reject) => {
        rejects.add(reject)
        next(request, call).then(resolve, (error: unknown) => {
          for (const one of rejects) one(error)
        })
      }).finally(() => rejects.clear()) as Promise<Response>
    }
}

export const isolated: readonly Broken[] = [
  { subject: () => makeMemory(), says: /the second call was sent with a header/ },
  { subject: () => makeGroup(), says: /the abort of one call ended another/ },
]
