import { type Handler, type HttpRequest, redactUrl, release } from '@fetchstack/handler-stack'
import { checkOneOf } from '@fetchstack/options'
import { AuthError } from './errors.ts'
import type { Send } from './layer.ts'
import type { RedirectOptions } from './options.ts'
import type { AuthScheme } from './scheme.ts'

/**
 * Keeps `fetch` from taking a credential along: it follows redirects below all middleware, and leaves only `authorization` behind
 * where they lead to another origin (Fetch standard, "HTTP-redirect fetch").
 */
export function redirectGuard(scheme: AuthScheme, options: RedirectOptions): (next: Handler) => Send {
  const { name, writes } = scheme
  const written = [...(writes.headers ?? []), ...(writes.query ?? [])]
  const stripped = written.every((header) => header.toLowerCase() === 'authorization')
  const redirect = options?.redirect ?? (stripped ? 'follow' : 'error')
  checkOneOf(name, 'redirect', redirect, ['follow', 'error', 'manual'])
  if (redirect === 'follow') return (next) => next
  return (next) => (authorised, call, request) => {
    const { init, source } = authorised
    if ((init?.['redirect'] ?? source?.redirect ?? 'follow') !== 'follow') return next(authorised, call)
    // Not `redirect: 'error'`: workerd throws for it, and the error would not say why.
    const response = next(authorised.with({ init: { redirect: 'manual' } }), call)
    return redirect === 'manual' ? response : response.then((response) => refuse(response, request, name, written))
  }
}

function refuse(response: Response, request: HttpRequest, name: string, written: readonly string[]): Response {
  const { status, type } = response
  const location = response.headers.get('location')
  // A browser shows neither status nor headers of a redirect that it was told not to follow.
  if (type !== 'opaqueredirect' && !([301, 302, 303, 307, 308].includes(status) && location !== null)) return response
  release(response)
  const target = location === null ? '' : ` (${status} to ${redactUrl(location)})`
  throw new AuthError(
    'REDIRECT',
    name,
    request,
    `the server redirects${target}, and ${written.join(', ')} would go along. ` +
      `Ask for the final URL, or set redirect to 'manual' or 'follow'.`,
  )
}
