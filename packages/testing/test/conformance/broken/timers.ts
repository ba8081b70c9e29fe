import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** A race against a timer that nobody clears. */
const races: Middleware = (next) =>
  function races(request, call) {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('late')), 30_000).unref()
    })
    return Promise.race([next(request, call), late])
  }

/** Clears its timer only when all went well. */
const hopes: Middleware = (next) =>
  async function hopes(request, call) {
    const timer = setInterval(() => {}, 5_000).unref()
    const response = await next(request, call)
    clearInterval(timer)
    return response
  }

export const timers: readonly Broken[] = [
  { subject: races, says: /after a call that succeeds, timers are left: one of 30000 ms/ },
  { subject: hopes, says: /after a call that fails, timers are left: one of 5000 ms/ },
]
