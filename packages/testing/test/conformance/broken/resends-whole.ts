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

export const resendsWhole: readonly Broken[] = [
  {
    subject: loses,
    declares: { resends: '503' },
    says: /text arrived as .* in attempt 2/,
  },
]
