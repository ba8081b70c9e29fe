import { longestDelay } from './read-header.ts'
import { type ResetDialect, resetHeaders } from './reset-headers.ts'
import { retryAfter } from './retry-after.ts'
import type { HintContext, HintReader, HintResponse, ServerHint } from './types.ts'

/** Options of {@link serverHint}. */
export interface HintOptions extends HintContext {
  /** Asked after Retry-After and before the reset headers; the first that finds a delay wins. Default: none. */
  readonly readers?: readonly HintReader[]
  /** What the numbers in reset headers are. Default `auto`. */
  readonly dialect?: ResetDialect
}

/**
 * Reads from a response how long the server wants to be left alone.
 *
 * In this order; the first that is usable wins:
 *
 * 1. What `retryAfter` reads: Retry-After and its relatives in milliseconds.
 * 2. `readers`, for example `rateLimit` of `@fetchstack/backoff/rate-limit`.
 * 3. The headers that say when a quota is filled again: `x-ratelimit-reset-after`, `x-ratelimit-retry-after`,
 *    `ratelimit-reset`, `x-ratelimit-reset`, `x-rate-limit-reset`, `x-ratelimit-next`, `x-ratelimit-reset-requests` and
 *    `-tokens`, and the `anthropic-ratelimit-*-reset` ones. Each holds a number (see `dialect`), a duration such as `6m0s`, an
 *    RFC 3339 time or an HTTP-date. Many servers send them with every response, so one counts only when the `remaining` header
 *    of the same name is 0, or when there is none and the status is 429 or 503. The longest wait of all that count is taken.
 *
 * Times are compared with the response's own `Date` where it has one. What can't be read is passed over, and the evidence says
 * so; it also says when a browser may be hiding Retry-After. A delay is in whole milliseconds, rounded up, and at most 10^15:
 * what is too long is for the policy to say.
 *
 * Pure; throws only what a reader throws. Sources: RFC 9110 §10.2.3; old drafts of the RateLimit fields; the documents of
 * GitHub, GitLab, X, Reddit, Vimeo, Akamai, Discord, Symfony, OpenAI and Anthropic.
 *
 * @param response - A `Response`, or anything with its `status`, `headers` and perhaps `type`.
 * @param options - The current time, and what to read in addition.
 * @example
 * ```ts
 * import { serverHint } from '@fetchstack/backoff'
 *
 * const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225660' }
 * const hint = serverHint(new Response(null, { status: 403, headers }), { now: 1_767_225_600_000 })
 * hint.delay // 60000
 * hint.source // 'x-ratelimit-reset'
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function serverHint(response: HintResponse, options: HintOptions): ServerHint {
  const { readers = [], dialect = 'auto' } = options
  const evidence: string[] = []
  const resets: HintReader = (response, context) => resetHeaders(response, context, dialect)
  for (const reader of [retryAfter, ...readers, resets]) {
    const hint = reader(response, options)
    if (!hint) continue
    evidence.push(...hint.evidence)
    if (hint.delay! >= 0) return { delay: Math.min(hint.delay!, longestDelay), source: hint.source, evidence }
  }
  const { headers, status, type } = response
  if (type === 'cors' && (status === 429 || status === 503) && headers.get('retry-after') === null) {
    evidence.push('retry-after: none to be seen, but across origins a server has to expose it')
  }
  return { delay: undefined, source: undefined, evidence }
}
