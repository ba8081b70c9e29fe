import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Looks into a clone of each response, for a log. */
const peeks: Middleware = (next) =>
  async function peeks(request, call) {
    const response = await next(request, call)
    void response
      .clone()
      .text()
      .catch(() => {})
    return response
  }

/** Does not hand a response on before its body is there. */
const waits: Middleware = (next) =>
  async function waits(request, call) {
    const response = await next(request, call)
    if (response.status === 200) await response.text()
    return response
  }

/** Reads what goes up, to measure it. */
const measures: Middleware = (next) =>
  function measures(request, call) {
    const { body } = request
    if (!(body instanceof ReadableStream) || request.source) return next(request, call)
    return next(request.with({ body: body.pipeThrough(new TransformStream()) }), call)
  }

/** Sends a copy, to have another one. */
const doubles: Middleware = (next) =>
  function doubles(request, call) {
    if (request.replay !== 'clone') return next(request, call)
    const copy = request.fork()
    return next(request, call).finally(() => copy.release())
  }

export const untouched: readonly Broken[] = [
  { subject: peeks, says: /the response was cloned/ },
  {
    subject: waits,
    hangs: true,
    says: /the body of the response was read or locked/,
    alsoBreaks: ['abort', 'concurrent', 're-entrant', 'releases', 'timers'],
  },
  { subject: measures, says: /the stream of the request arrived as another object/ },
  { subject: doubles, says: /the Request was cloned, and nothing is sent again/ },
]
