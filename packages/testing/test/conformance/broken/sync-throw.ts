import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Its promise never hears of what `next` throws at once. */
const hangs: Middleware = (next) =>
  function hangs(request, call) {
    return new Promise((resolve, reject) => {
      queueMicrotask(() => {
        try {
          next(request, call).then(resolve, reject)
        } catch {
          reject(new Error('something went wrong'))
        }
      })
    })
  }

export const syncThrow: readonly Broken[] = [{ subject: hangs, says: /neither that nor its cause/ }]
