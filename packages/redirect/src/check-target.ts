import type { HttpRequest } from '@fetchstack/handler-stack'
import type { Setting } from './options.ts'
import type { RedirectErrorKind } from './redirect-error.ts'

/** Why a redirect is not followed: the kind of the error, and the end of its message. */
export type Refusal = readonly [kind: RedirectErrorKind, problem: string]

/** Whether a redirect may be followed to where it leads. */
export function checkTarget(from: URL, target: URL | undefined, setting: Setting): Refusal | undefined {
  const { protocols, downgrade, sameOrigin } = setting
  if (!target) return ['LOCATION', 'its Location is no URL, or there are several.']
  const protocol = target.protocol.slice(0, -1)
  if (!protocols.some((allowed) => allowed === protocol)) {
    return ['PROTOCOL', `only ${protocols.join(' and ')} may be followed. Set protocols to change that.`]
  }
  if (target.username || target.password) return ['USERINFO', 'its Location holds a user name or a password.']
  if (sameOrigin && target.origin !== from.origin) return ['ORIGIN', 'it leaves the origin, and sameOrigin is set.']
  if (from.protocol === 'https:' && protocol === 'http' && downgrade === 'error') {
    return ['DOWNGRADE', "it leads from https to http. Set downgrade to 'follow' if that is meant."]
  }
  return undefined
}

/** Whether the body of a request can go along. `spare` was made before the request was sent. */
export function checkBody(spare: HttpRequest): Refusal | undefined {
  if (spare.replay !== 'never') return undefined
  return ['BODY', 'the body is a stream or was read. To send it again, give a function that makes it.']
}

/** Whether the wait that the server asks for can be kept. */
export function checkWait(wait: number, now: number, deadline: number | undefined, max: number): Refusal | undefined {
  const late = deadline !== undefined && now + wait >= deadline
  if (wait === 0 || (wait <= max && !late)) return undefined
  const limit = late ? 'the call has no time for that' : `retryAfter allows ${max} ms`
  return ['WAIT', `the server asks to wait ${wait} ms before, and ${limit}.`]
}
