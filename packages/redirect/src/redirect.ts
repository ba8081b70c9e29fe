import { type Call, type DescribedMiddleware, defineMiddleware, type HttpRequest, key } from '@fetchstack/handler-stack'
import { follow, isRedirect, type Landing, manually, nameOf, type Trip } from './follow.ts'
import { type RedirectCallOptions, type RedirectOptions, readOptions, withChanges } from './options.ts'

/**
 * Follows redirects above `fetch`, so that every hop passes the layers inside: auth decides anew for each, by its own origins.
 *
 * Where a redirect leads to another origin, every header that holds a credential stays behind: those that a layer of the call
 * declares, and by its name any other. Methods and bodies change as in RFC 9110 §15.4 and the Fetch standard. Responses that are
 * redirects are released. What comes back is the last response, the same object; after a redirect its `redirected` is true.
 *
 * Does nothing where the request says `redirect: 'manual'` or `mode: 'no-cors'`. With `'error'`, a redirect is a `RedirectError`.
 * An abort ends a wait for `Retry-After` at once, with the signal's reason, and nothing more is sent.
 *
 * The per-call option is `false`, for the redirect as the response, or any of the options.
 *
 * @throws {OptionError} An option is unknown, out of range or contradicts another.
 * @throws {RedirectError} As a rejection of the call: a redirect that is not followed. See {@link RedirectErrorKind}.
 * @example
 * ```ts
 * import { bearer } from '@fetchstack/auth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { redirect } from '@fetchstack/redirect'
 *
 * const api = HandlerStack.create()
 *   .push(redirect({ max: 5 }))
 *   .push(bearer('my-token', { origins: 'https://api.example.com' }))
 *   .toFetch()
 * const response = await api('https://api.example.com/videos/latest')
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function redirect(options: RedirectOptions = {}): DescribedMiddleware<'redirect', RedirectCallOptions> {
  const base = readOptions(options)
  return defineMiddleware(
    {
      name: 'redirect',
      label: `redirect(${base.max} at most${base.sameOrigin ? ', same origin' : ''})`,
      scope: 'attempt',
      reenters: base.max + 1,
      wants: [
        { position: 'inside', of: 'retry', orElse: 'an attempt is a single hop, and each hop has all attempts' },
        {
          position: 'outside',
          of: 'auth',
          orElse: 'a hop goes out without a credential of its own, or with a stale one',
        },
      ],
      checkCallOption(value) {
        if (value !== false) withChanges(options, value as RedirectOptions)
      },
    },
    (next, name) => {
      const landing = key<Landing>(name)
      return function redirect(request, call) {
        const option = call.options[name] as RedirectCallOptions | undefined
        if (option === false) return next(manually(request), call)
        const mode = modeOf(request)
        if (mode === undefined) return next(request, call)
        const setting = option === undefined ? base : withChanges(options, option)
        const trip = { setting, name, next, call, refuses: mode === 'error', landing, origin: request }
        const landed = landedOf(request, call, landing)
        if (!landed) return send({ ...trip, ...prepare(request, setting.max, mode), redirects: [] })
        const { signal = null } = request
        const onward = landed.request.with({ signal })
        request.release()
        return send({ ...trip, request: onward, spare: onward, redirects: landed.redirects })
      }
    },
  )
}

/** What the request says of redirects; `undefined` where they are none of ours. */
function modeOf({ init, source }: HttpRequest): 'follow' | 'error' | undefined {
  const { redirect = source?.redirect, mode = source?.mode } = (init ?? {}) as RequestInit
  // The Fetch standard refuses to be told in that mode.
  if (redirect === 'manual' || mode === 'no-cors') return undefined
  return redirect === 'error' ? 'error' : 'follow'
}

/** A copy of a body only where it may be sent twice. */
function prepare(given: HttpRequest, max: number, mode: string): Pick<Trip, 'request' | 'spare'> {
  const request = manually(given)
  const mayResend = request.replay === 'clone' && max > 0 && mode === 'follow'
  return { request, spare: mayResend ? request.fork() : request }
}

/** Where an earlier attempt of this call was led by a redirect that says: this was processed, go on there with GET. */
function landedOf(request: HttpRequest, call: Call, landing: Trip['landing']): Landing | undefined {
  const landed = call.attempt > 1 ? call.get(landing) : undefined
  return landed && landed.of === nameOf(request) && landed.attempt < call.attempt ? landed : undefined
}

function send(trip: Trip): Promise<Response> {
  const { next, request, spare, call, refuses, redirects } = trip
  const drop = (): void => {
    if (spare !== request) spare.release()
  }
  const fail = (error: unknown): never => {
    drop()
    throw error
  }
  try {
    return next(request, call).then((response) => {
      if (redirects.length > 0 || isRedirect(response, refuses)) return follow(trip, response)
      drop()
      return response
    }, fail)
  } catch (error) {
    return Promise.reject(error).catch(fail)
  }
}
