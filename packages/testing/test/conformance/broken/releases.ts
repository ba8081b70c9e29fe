import type { Middleware } from '@fetchstack/handler-stack'
import { release } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Sends once more after a 503, and forgets the response that it had. */
const forgets: Middleware = (next) =>
  async function forgets(request, call) {
    const response = await next(request, call)
    return response.status === 503 && request.replay === 'free' ? next(request, call) : response
  }

/** Makes a copy for a second attempt, and forgets it when the first was enough. */
const keeps: Middleware = (next) =>
  async function keeps(request, call) {
    const copy = request.replay === 'clone' ? request.fork() : request
    const response = await next(request, call)
    if (response.status !== 503 || request.replay === 'never') return response
    release(response)
    return next(copy, call)
  }

/** Rejects at once when the caller aborts, and forgets what is still to come. */
const leaves: Middleware = (next) =>
  function leaves(request, call) {
    const { signal } = request
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal!.reason)
      signal?.addEventListener('abort', leave)
      next(request, call)
        .then(resolve, reject)
        .finally(() => signal?.removeEventListener('abort', leave))
    })
  }

export const releases: readonly Broken[] = [
  { subject: forgets, hangs: true, declares: { resends: '503' }, says: /connections stay open after \d+ calls/ },
  { subject: keeps, declares: { resends: '503' }, says: /is neither sent nor released/ },
  { subject: leaves, says: /the response that came later was not released/ },
]
