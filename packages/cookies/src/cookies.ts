import {
  type Call,
  type CredentialNames,
  type DescribedMiddleware,
  defineMiddleware,
  type Handler,
  type HttpRequest,
  release,
} from '@fetchstack/handler-stack'
import { checkOneOf, checkOptions, refuse } from '@fetchstack/options'
import { CookieJarError } from './cookie-jar-error.ts'
import type { Jar, SameSite } from './jar.ts'
import { untilAborted } from './until-aborted.ts'

/** Options of `cookies`. */
export interface CookiesOptions {
  /**
   * What the requests count as for the attribute `SameSite`. Default: it is not looked at, since a program is no page of another site.
   */
  readonly sameSite?: SameSite
}

const CREDENTIALS: CredentialNames = { headers: ['cookie'] }

/**
 * Sends the cookies of a jar, and stores what servers set. The jar is tough-cookie's: RFC 6265 with the public-suffix list.
 *
 * Every `Set-Cookie` is stored for the URL that it came from. Where the jar has cookies for a URL, they take the place of a `Cookie`
 * header that the caller gave, as in Guzzle; where it has none, that stays. Cookies that break the rules are left out, silently.
 *
 * Stands inside `redirect`, so that the cookies of a redirect are sent on the request that follows it. The per-call option is `false`
 * for a call without the jar, or another jar. In a browser this does nothing: cookies are the browser's there.
 *
 * An abort ends the wait for a slow jar at once.
 *
 * @param jar - `new CookieJar()` of tough-cookie, with any store.
 * @throws {OptionError} When it is made, or as a rejection for a per-call option: it is no jar.
 * @throws {CookieJarError} As a rejection: the jar failed.
 * @example
 * ```ts
 * import { cookies } from '@fetchstack/cookies'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { redirect } from '@fetchstack/redirect'
 * import { CookieJar } from 'tough-cookie'
 *
 * const stack = HandlerStack.create().push(redirect()).push(cookies(new CookieJar()))
 * export const api = stack.toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function cookies(jar: Jar, options: CookiesOptions = {}): DescribedMiddleware<'cookies', false | Jar> {
  checkJar(jar)
  checkOptions('cookies', options, ['sameSite'])
  const { sameSite } = options
  checkOneOf('cookies', 'sameSite', sameSite, ['strict', 'lax', 'none', undefined])
  const context = sameSite && { sameSiteContext: sameSite }
  return defineMiddleware<'cookies', false | Jar>(
    {
      name: 'cookies',
      scope: 'wire',
      wants: [
        {
          position: 'inside',
          of: 'redirect',
          required: true,
          orElse: 'fetch follows redirects itself, and the cookies that they set are lost',
        },
      ],
      checkCallOption(value) {
        if (value !== false) checkJar(value)
      },
    },
    (next, name) =>
      function cookies(request, call) {
        const own = call.options[name] as false | Jar | undefined
        if (own === false || !/^https?:/i.test(request.url)) return next(request, call)
        return exchange(own ?? jar, context, next, request, call)
      },
  )
}

async function exchange(
  jar: Jar,
  context: { readonly sameSiteContext: SameSite } | undefined,
  next: Handler,
  request: HttpRequest,
  call: Call,
): Promise<Response> {
  const { signal } = request
  const ask = async <T>(phase: 'read' | 'write', work: () => T): Promise<Awaited<T>> => {
    try {
      return await untilAborted(Promise.resolve(work()), signal)
    } catch (error) {
      signal?.throwIfAborted()
      throw new CookieJarError(phase, request, error)
    }
  }
  signal?.throwIfAborted()
  const value = await ask('read', () => jar.getCookieString(request.url, { ...context }))
  // Also for the caller's own, which a redirect must leave behind just the same.
  call.declareCredentials(CREDENTIALS)
  const response = await next(value ? request.withHeader('cookie', value) : request, call)
  // React Native has no such method, and keeps cookies itself.
  const set = (response.headers as Partial<Headers>).getSetCookie?.() ?? []
  if (set.length === 0) return response
  // Where `fetch` followed a redirect, this answer is another server's.
  const from = response.url || request.url
  const store = async (): Promise<void> => {
    // One after the other: the last of a name is the one that stays.
    for (const cookie of set) await jar.setCookie(cookie, from, { ...context, ignoreError: true })
  }
  try {
    await ask('write', store)
  } catch (error) {
    release(response)
    throw error
  }
  return response
}

function checkJar(jar: unknown): void {
  const { getCookieString, setCookie } = (jar ?? {}) as Partial<Jar>
  if (typeof getCookieString !== 'function' || typeof setCookie !== 'function') {
    refuse('cookies', 'jar', jar, 'a CookieJar of tough-cookie')
  }
}
