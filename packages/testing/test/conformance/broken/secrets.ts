import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Puts the whole URL into its error. */
const tells: Middleware = (next) =>
  async function tells(request, call) {
    const response = await next(request, call)
    if (response.status === 503) throw new Error(`${request.url} is not available`)
    return response
  }

/** Hangs the headers on the error, as HTTP clients like to. */
const hangs: Middleware = (next) =>
  function hangs(request, call) {
    return next(request, call).catch((error: unknown) => {
      throw Object.assign(Object(error), { config: { headers: request.headers } })
    })
  }

/** Writes the URLs of those who are logged in. */
const chats: Middleware = (next) =>
  function chats(request, call) {
    const { console } = globalThis
    if (request.header('cookie') !== undefined) console.debug('sending', request.url)
    return next(request, call)
  }

/** Records the header that it set. */
const notes: Middleware = (next) =>
  function notes(request, call) {
    call.record({ layer: 'notes', event: 'sign', attempt: 1, detail: { authorization: 'Bearer t-1' } })
    return next(request.withHeader('authorization', 'Bearer t-1'), call)
  }

export const secrets: readonly Broken[] = [
  { subject: tells, says: /a query value of the URL is in the error, as text/ },
  { subject: hangs, says: /the authorization header of the caller is in the error, as JSON/ },
  { subject: chats, says: /a query value of the URL is in a line of console\.debug/ },
  {
    subject: notes,
    declares: { changesRequest: ['authorization'], secrets: ['t-1'] },
    says: /declares\.secrets\[0\] is in the trail of the call, as JSON/,
    alsoBreaks: ['origins'],
  },
]
