import {
  type Call,
  type Handler,
  type HttpRequest,
  type Key,
  redactUrl,
  release,
  StackError,
  sleep,
} from '@fetchstack/handler-stack'
import { withBytes } from './body-bytes.ts'
import { checkBody, checkTarget, checkWait, type Refusal } from './check-target.ts'
import { markRedirected, type Redirect } from './history.ts'
import { locationOf } from './location.ts'
import { becomesGet, nextRequest } from './next-request.ts'
import { checkOpaque } from './opaque.ts'
import type { Setting } from './options.ts'
import { RedirectError } from './redirect-error.ts'
import { waitOf } from './wait.ts'

/** Where a call goes on when a layer outside sends its request again: its own one was processed. */
export interface Landing {
  /** Which request that is, by its method and URL. */
  readonly of: string
  readonly attempt: number
  readonly request: HttpRequest
  readonly redirects: readonly Redirect[]
}

/** A call that is under way. */
export interface Trip {
  readonly setting: Setting
  /** The layer's name in the stack. */
  readonly name: string
  readonly next: Handler
  readonly call: Call
  /** What was sent. */
  readonly request: HttpRequest
  /** The same, with a body that can be sent. */
  readonly spare: HttpRequest
  /** What was followed before. */
  readonly redirects: readonly Redirect[]
  /** Whether a redirect is an error. */
  readonly refuses: boolean
  readonly landing: Key<Landing>
  /** The request that came in. */
  readonly origin: HttpRequest
}

const REDIRECTS = [301, 302, 303, 307, 308]

/** Whether a response is a redirect: without a `Location` it is a response like any other, unless any redirect is an error. */
export function isRedirect({ status, type, headers }: Response, refuses: boolean): boolean {
  return type === 'opaqueredirect' || (REDIRECTS.includes(status) && (refuses || headers.has('location')))
}

/** Tells `fetch` not to follow. */
export function manually(request: HttpRequest): HttpRequest {
  return request.init?.['redirect' as never] === 'manual' ? request : request.with({ init: { redirect: 'manual' } })
}

/** What a landing goes by. */
export function nameOf({ method, url }: HttpRequest): string {
  return `${method} ${url}`
}

/** Follows redirects until a response is none. */
export async function follow(trip: Trip, first: Response): Promise<Response> {
  const { setting, name, next, call, refuses, landing, origin } = trip
  const { max, track, clock, onRedirect } = setting
  let { request, spare } = trip
  const redirects = [...trip.redirects]
  let response = first

  function failIf(refusal: Refusal | undefined): void {
    if (!refusal) return
    const [kind, problem] = refusal
    call.record({
      layer: name,
      event: 'refuse',
      attempt: call.attempt,
      detail: { status: response.status, reason: kind },
    })
    throw new RedirectError(kind, request, response, Object.freeze(redirects), problem)
  }

  while (isRedirect(response, refuses)) {
    const { status } = response
    const { attempt } = call
    try {
      failIf(refuses ? ['REFUSED', "the request says redirect: 'error'."] : undefined)
      if (response.type === 'opaqueredirect') {
        failIf(checkOpaque(request, call, setting))
        release(response)
        call.record({ layer: name, event: 'left-to-browser', attempt })
        return await next(request.with({ init: { redirect: 'follow' } }), call)
      }
      failIf(redirects.length >= max ? ['TOO_MANY', `${max} were followed already.`] : undefined)
      const from = new URL(request.url)
      from.username = from.password = ''
      const target = locationOf(response, from)
      failIf(checkTarget(from, target, setting))
      const toGet = becomesGet(request, status, setting.strict)
      if (!toGet) failIf(checkBody(spare))
      const wait = setting.retryAfter === false ? 0 : waitOf(response, clock.now())
      failIf(checkWait(wait, clock.now(), call.deadline, setting.retryAfter || 0))

      if (!toGet) spare = await withBytes(spare)
      let following = nextRequest(spare, status, from, target!, call, setting)
      const redirect: Redirect = Object.freeze({ status, method: request.method, from: from.href, to: target!.href })
      // What it was made of is used up.
      spare = following.next
      const changed = onRedirect?.(following.next, redirect, response, call)
      if (changed === false) break
      if (changed !== undefined) following = { ...following, next: checkRequest(changed) }
      release(response)
      redirects.push(redirect)
      const { dropped } = following
      const [fromText, toText] = [redactUrl(redirect.from), redactUrl(redirect.to)]
      call.record({
        layer: name,
        event: 'redirect',
        attempt,
        detail: { status, from: fromText, to: toText, dropped, wait },
      })

      spare = request = manually(following.next)
      if (toGet) call.set(landing, { of: nameOf(origin), attempt, request, redirects: [...redirects] })
      request.signal?.throwIfAborted()
      if (wait > 0) await sleep(clock, wait, request.signal)
    } catch (error) {
      release(response)
      spare.release()
      throw error
    }
    try {
      response = await next(request, call)
    } catch (error) {
      if (spare !== request) spare.release()
      throw error
    }
  }
  if (spare !== request) spare.release()
  return redirects.length > 0 ? markRedirected(response, Object.freeze(redirects), track) : response
}

function checkRequest(changed: HttpRequest): HttpRequest {
  // By its shape: there may be two installed copies of handler-stack.
  if (typeof changed?.withHeader === 'function') return changed
  throw new StackError('redirect: onRedirect must return an HttpRequest, false or nothing; not a promise.')
}
