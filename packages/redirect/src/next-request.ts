import type { Call, HttpRequest } from '@fetchstack/handler-stack'
import type { Setting } from './options.ts'
import { headerNames, sensitive, withoutParameters } from './sensitive.ts'

/** RFC 9110 §15.4: what describes a body goes with it. */
const OF_THE_BODY = /^(content-.*|(repr-)?digest|last-modified|transfer-encoding|trailer|expect)$/

/** Whether the redirect of a request is followed with GET and without its body (RFC 9110 §15.4, Fetch standard). */
export function becomesGet({ method }: HttpRequest, status: number, strict: boolean): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return status <= 302 && method === 'POST' && !strict
}

/** What goes to the target of a redirect, and the names of what was left behind. */
export interface NextRequest {
  readonly next: HttpRequest
  readonly dropped: readonly string[]
}

/**
 * @param spare - The request with a body that can be sent.
 * @param target - Query parameters that hold a credential are taken out of it where it leads to another origin.
 */
export function nextRequest(
  spare: HttpRequest,
  status: number,
  from: URL,
  target: URL,
  call: Call,
  setting: Setting,
): NextRequest {
  const toGet = becomesGet(spare, status, setting.strict)
  const leaves = target.origin !== from.origin
  const stays = sensitive(call, setting, target.origin)
  if (leaves) withoutParameters(target, stays.query)
  const url = target.href
  if (toGet) spare.release()
  let next = toGet ? spare.with({ url, method: 'GET', body: null }) : spare.with({ url })
  const dropped = headerNames(spare).filter(
    (name) => (leaves && stays.header(name)) || (toGet && OF_THE_BODY.test(name)),
  )
  for (const name of dropped) next = next.withoutHeader(name)
  if (setting.referer) {
    next = next.withoutHeader('referer')
    const downgrade = from.protocol === 'https:' && target.protocol === 'http:'
    if (!downgrade) next = next.withHeader('referer', refererOf(from, leaves, stays.query))
  }
  return { next, dropped }
}

/** Referrer Policy standard: strict-origin-when-cross-origin. */
function refererOf(from: URL, leaves: boolean, isCredential: (name: string) => boolean): string {
  if (leaves) return `${from.origin}/`
  const url = new URL(from)
  url.username = url.password = url.hash = ''
  withoutParameters(url, isCredential)
  return url.href
}
