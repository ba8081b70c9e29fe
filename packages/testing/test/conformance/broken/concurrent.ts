import type { HttpRequest, Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Keeps the request of a call where the next call overwrites it. */
function makeMixer(): Middleware {
  let current: HttpRequest
  return (next) =>
    async function mixes(request, call) {
      current = request
      await Promise.resolve()
      return next(current, call)
    }
}

export const concurrent: readonly Broken[] = [
  {
    subject: () => makeMixer(),
    says: /got "answer-49": the answer to another call/,
    alsoBreaks: ['isolated', 're-entrant'],
  },
]
