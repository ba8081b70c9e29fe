import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Listens to the signal and never lets go. */
const listens: Middleware = (next) =>
  function listens(request, call) {
    request.signal?.addEventListener('abort', () => {}, { once: true })
    return next(request, call)
  }

/** Lets go only when all went well. */
const hopes: Middleware = (next) =>
  async function hopes(request, call) {
    const onAbort = () => {}
    request.signal?.addEventListener('abort', onAbort)
    const response = await next(request, call)
    request.signal?.removeEventListener('abort', onAbort)
    return response
  }

/** Takes the caller's own handler away. */
const usurps: Middleware = (next) =>
  function usurps(request, call) {
    Object.assign(request.signal ?? {}, { onabort: () => {} })
    return next(request, call)
  }

export const listeners: readonly Broken[] = [
  { subject: listens, says: /300 listeners are left on the signal after 300 calls that succeed/ },
  { subject: hopes, says: /300 listeners are left on the signal after 300 calls that fail/ },
  { subject: usurps, says: /onabort was set, which is the caller's/ },
]
