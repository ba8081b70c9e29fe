import type { Handler, Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Keeps what it was given last. */
function makeSingle(): Middleware {
  let inner: Handler
  return (next) => {
    inner = next
    return function single(request, call) {
      return inner === next ? next(request, call) : inner(request, call)
    }
  }
}

/** One call after the other: a call within a call waits for itself. */
function makeQueue(): Middleware {
  let last: Promise<unknown> = Promise.resolve()
  return (next) =>
    function queue(request, call) {
      if (request.method !== 'GET') return next(request, call)
      const before = last
      const own = before.then(() => next(request, call))
      last = own.catch(() => {})
      return own
    }
}

export const reEntrant: readonly Broken[] = [
  { subject: () => makeSingle(), says: /reached the handler of the other/ },
  { subject: () => makeQueue(), hangs: true, says: /a call within a call: nothing came/ },
]
