import type { GetCookiesOptions, SetCookieOptions } from 'tough-cookie'

/** What is used of a `CookieJar` of tough-cookie; another jar will do, where it has these. Each may give its result at once. */
export interface Jar {
  /** The value of the header `Cookie` for a URL, empty for none. */
  getCookieString(url: string, options?: GetCookiesOptions): PromiseLike<string> | string
  /** Stores one `Set-Cookie`, or leaves it where the rules say so. Must throw or reject for trouble of its own alone. */
  setCookie(cookie: string, url: string, options?: SetCookieOptions): unknown
}

/** What `sameSite` takes, as tough-cookie calls it. */
export type SameSite = 'strict' | 'lax' | 'none'
