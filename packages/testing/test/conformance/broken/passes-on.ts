import { Call, HttpRequest, type Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Makes the request anew from what it knows of it. */
const narrows: Middleware = (next) =>
  function narrows(request, call) {
    const { input, method, headers, body, signal } = request
    if (typeof input !== 'string') return next(request, call)
    return next(HttpRequest.from(input, { method, headers, body, signal, ...(body && { duplex: 'half' }) }), call)
  }

/** Begins another call. */
const restarts: Middleware = (next) =>
  function restarts(request) {
    return next(request, new Call())
  }

export const passesOn: readonly Broken[] = [
  { subject: narrows, says: /dispatcher, cf, next, proxy.*did not arrive as given/ },
  { subject: restarts, says: /next got another call than the one that came/ },
]
