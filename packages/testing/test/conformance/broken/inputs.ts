import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Takes every body for text. */
const stringifies: Middleware = (next) =>
  function stringifies(request, call) {
    const { body } = request
    return next(body instanceof FormData ? request.with({ body: String(body) }) : request, call)
  }

export const inputs: readonly Broken[] = [
  { subject: stringifies, says: /FormData arrived as/, alsoBreaks: ['untouched'] },
]
