import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

const passThrough: Middleware = (next) => (request, call) => next(request, call)

/** Waits for something that does not come, and does not listen to the signal. */
const waitsForever: Middleware = (_next) => () => new Promise(() => {})

/** Keeps the signal to itself. */
const drops: Middleware = (next) =>
  function drops(request, call) {
    return next(request.signal && request.source === undefined ? request.with({ signal: null }) : request, call)
  }

/** Has a better error than the caller's reason. */
const renames: Middleware = (next) =>
  async function renames(request, call) {
    try {
      return await next(request, call)
    } catch (error) {
      throw request.signal?.aborted ? new Error('Request aborted', { cause: error }) : error
    }
  }

export const abort: readonly Broken[] = [
  {
    subject: passThrough,
    declares: { waits: { middleware: waitsForever } },
    says: /aborted while the middleware waited: nothing came within 400 ms/,
    hangs: true,
  },
  { subject: drops, hangs: true, says: /waited for headers: nothing came/, alsoBreaks: ['isolated', 'timers'] },
  { subject: renames, says: /rejected with Error: Request aborted, not with the reason of the signal/ },
]
