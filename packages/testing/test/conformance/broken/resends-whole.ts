import { type Middleware, release } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Sends again without the body. */
const loses: Middleware = (next) =>
  async function loses(request, call) {
    const response = await next(request, call)
    if (response.status !== 503) return response
    release(response)
    return next(request.with({ body: null }), call)
  }

/** Sends again, and does not say so. */
const surprises: Middleware = (next) =>
  async function surprises(request, call) {
    const response = await next(request, call)
    if (response.status !== 503) return response
    release(response)
    return next(request, call)
  }

/** Sends again what never arrived, it thinks. */
const insists: Middleware = (next) =>
  function insists(request, call) {
    return next(request, call).catch(() => next(request, call))
  }

export const resendsWhole: readonly Broken[] = [
  {
    subject: loses,
    declares: { resends: '503' },
    says: /text arrived as .* in attempt 2/,
  },
  { subject: surprises, says: /a GET was sent 2 times upon status 503\. If that is meant: declare resends: '503'/ },
  { subject: insists, says: /a GET was sent 2 times upon a failure on the network.*'reset'/ },
]
