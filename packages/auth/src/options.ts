import type { Clock } from '@fetchstack/handler-stack'
import type { OriginRule } from './origins.ts'

/** Where a credential may go, and what happens to requests that go elsewhere or have one already. */
export interface AuthOptions {
  /**
   * **Required.** The origins that the credential may go to. The port counts; default ports may be left out.
   * A request to any other origin is passed on untouched, and the provider is not asked.
   */
  readonly origins: OriginRule | readonly OriginRule[]
  /**
   * Whether a rule of `origins` may be plain http. `loopback`: only to `localhost`, `*.localhost`, `127.0.0.0/8` and `[::1]`.
   * Default `'loopback'`.
   */
  readonly insecure?: 'never' | 'loopback' | 'always'
  /**
   * What happens when the request has the header, or the query parameter, already. `keep`: it goes as it is, and the provider is
   * not asked. `error`: the call is rejected. Default `'keep'`.
   */
  readonly existing?: 'keep' | 'replace' | 'error'
  /** What happens to a request that goes to another origin. `pass`: it goes without. `error`: the call is rejected. Default `'pass'`. */
  readonly outside?: 'pass' | 'error'
}

/** For credentials that `fetch` itself would take along when a redirect leaves the origin. */
export interface RedirectOptions {
  /**
   * What happens when a request that was authorised is redirected.
   * - `follow`: `fetch` follows. Where it leads to another origin, only `authorization` stays behind (on Cloudflare Workers from
   *   compatibility date 2025-09-01): **any other header goes along**.
   * - `error`: the call is rejected with an `AuthError`, and the redirect is not followed.
   * - `manual`: the redirect is the response, as `fetch` gives it.
   *
   * Default: `follow` where `authorization` is all that the scheme writes, else `error`. Where the caller, or a layer outside, set
   * `redirect: 'manual'` or `'error'` for the request, that holds.
   */
  readonly redirect?: 'follow' | 'error' | 'manual'
}

/** Options of `apiKey`. */
export interface ApiKeyOptions extends AuthOptions, RedirectOptions {}

/** Options of `auth`. */
export interface SchemeOptions extends AuthOptions, RedirectOptions {
  /** At most how many requests a flow may send per attempt; then the last response stands. For schemes with a `flow`. Default 3. */
  readonly maxRounds?: number
  /**
   * How a body is sent again when a flow wants that. For schemes with a `flow`.
   * - `auto`: what can be made again is, the body of a `Request` is cloned, and a stream is sent once: then the 401 comes back.
   * - `buffer`: a stream, and the body of a `Request`, is read into memory before it is sent, up to `bodyLimit`.
   * - `never`: no body is sent twice.
   *
   * Default `'auto'`.
   */
  readonly replay?: 'auto' | 'buffer' | 'never'
  /** The longest stream or body of a `Request` that may be read into memory to be signed or kept, in bytes. Default 1 MiB. */
  readonly bodyLimit?: number
  /**
   * What happens to a 401 that asks only for schemes that are not configured, or only for a weaker one than the server asked for
   * before. `pass`: it comes back. `error`: the call is rejected. For schemes with a `flow`. Default `'pass'`.
   */
  readonly unanswered?: 'pass' | 'error'
  /** What time-bound proofs are made with. Who shares a clock shares what was learnt of the servers' clocks. Default `systemClock`. */
  readonly clock?: Pick<Clock, 'now'>
}
