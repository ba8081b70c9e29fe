import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** A breaker that is closed again whenever a stack is resolved. */
function makeBreaker(): Middleware {
  return (next) => {
    let failures = 0
    return async function breaker(request, call) {
      if (failures >= 2) throw new Error('open')
      const response = await next(request, call)
      failures = response.status === 503 ? failures + 1 : 0
      return response
    }
  }
}

export const state: readonly Broken[] = [{ subject: () => makeBreaker(), says: /call 3 of 6 went otherwise/ }]
