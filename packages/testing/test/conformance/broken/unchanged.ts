import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Writes its header into the headers of the caller. */
const writes: Middleware = (next) =>
  function writes(request, call) {
    const { headers } = request
    if (headers instanceof Headers && request.source === undefined) headers.set('x-trace', '1')
    return next(request, call)
  }

/** Adds a header, and does not say so. */
const adds: Middleware = (next) =>
  function adds(request, call) {
    return next(request.withHeader('x-trace', '1'), call)
  }

/** Takes the query off. */
const trims: Middleware = (next) =>
  function trims(request, call) {
    return next(request.url.endsWith('?query=1') ? request.with({ url: request.url.split('?', 1)[0]! }) : request, call)
  }

/** Writes into the request that it was given. */
const edits: Middleware = (next) =>
  function edits(request, call) {
    const { init, url } = request
    if (url.endsWith('/') || init?.['kept'] !== undefined) return next(request, call)
    if (init?.method === 'POST' && init.body === undefined) Object.assign(init, { kept: true })
    return next(request, call)
  }

export const unchanged: readonly Broken[] = [
  { subject: writes, says: /init was .* before the call and is .*x-trace/ },
  { subject: adds, says: /the header x-trace was added/ },
  { subject: trims, says: /the URL is http:.*\/path\. If that is meant/ },
  { subject: edits, says: /the layers outside still hold the request that this one has written to/ },
]
