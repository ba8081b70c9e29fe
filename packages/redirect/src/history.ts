/** One redirect that was followed. The URLs are whole: they may hold secrets in their query. */
export interface Redirect {
  /** 301, 302, 303, 307 or 308. */
  readonly status: number
  /** Of the request that was redirected. */
  readonly method: string
  /** What was asked for. */
  readonly from: string
  /** Where it led. */
  readonly to: string
}

const histories = /* @__PURE__ */ new WeakMap<Response, readonly Redirect[]>()

/**
 * The redirects that led to a response, oldest first; empty when there was none, or with `track: false`. Clones have them too.
 *
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { redirect, redirectsOf } from '@fetchstack/redirect'
 *
 * const api = HandlerStack.create().push(redirect()).toFetch()
 * const response = await api('https://example.com/old')
 * for (const { status, to } of redirectsOf(response)) console.log(status, to)
 * ```
 */
export function redirectsOf(response: Response): readonly Redirect[] {
  return histories.get(response) ?? []
}

/** Makes a response say that it was redirected, as it does when `fetch` follows. The same object. */
export function markRedirected(response: Response, redirects: readonly Redirect[], track: boolean): Response {
  if (track) histories.set(response, redirects)
  if (!Object.isExtensible(response)) return response
  const clone = function clone(this: Response): Response {
    // Not remembered from now: a layer outside may put a prototype of its own in between.
    const { clone } = Object.getPrototypeOf(this) as Response
    return markRedirected(clone.call(this), redirects, track)
  }
  return Object.defineProperties(response, {
    redirected: { value: true, configurable: true },
    clone: { value: clone, configurable: true, writable: true },
  })
}
