import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Sends its key wherever the request goes. */
const strews: Middleware = (next) =>
  function strews(request, call) {
    return next(request.withHeader('x-api-key', 'k-123'), call)
  }

/** Sends its key to the host of the first call alone, but lets `fetch` take it along. */
function makeTrusting(): Middleware {
  let origin: string | undefined
  return (next) =>
    function trusting(request, call) {
      origin ??= request.origin
      return next(request.origin === origin ? request.withHeader('x-api-key', 'k-123') : request, call)
    }
}

const declares = { changesRequest: ['x-api-key'], secrets: ['k-123'] }

export const origins: readonly Broken[] = [
  { subject: strews, declares, says: /another origin got a credential/ },
  { subject: () => makeTrusting(), declares, says: /a redirect took a credential to another origin/ },
  {
    subject: (next) => next,
    declares: { secrets: ['never sent'] },
    says: /none of declares.secrets was sent to http/,
  },
]
