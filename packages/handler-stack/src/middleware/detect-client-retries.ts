import { checkFunction } from '@fetchstack/options'
import { type DescribedMiddleware, defineMiddleware } from '../describe.ts'
import type { HttpRequest } from '../http-request.ts'

const MAX_KEYS = 1000

/**
 * Warns, once per sign, when the client above the stack resends on its own: its attempts and those of `retry` multiply.
 * Push it first. It changes nothing.
 *
 * It knows a resend by what clients send along: `x-stainless-retry-count` (OpenAI, Anthropic, Groq), `x-retry-count` (Supabase),
 * `amz-sdk-request` (AWS), an Idempotency-Key that comes a second time (Stripe, the AI SDK), and an option `retry` that the client hands on
 * (ofetch, better-fetch, up-fetch). Clients that say nothing of it (ky, ofetch by its default) are not noticed.
 *
 * @param report - Gets a sentence that says which option to set: `console.warn`, or a logger's method. Must not throw.
 * @throws {OptionError} `report` is no function.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { detectClientRetries } from '@fetchstack/handler-stack/middleware'
 *
 * export const stack = HandlerStack.create().push(detectClientRetries(console.warn))
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function detectClientRetries(report: (warning: string) => void): DescribedMiddleware<'detect-client-retries'> {
  checkFunction('detectClientRetries', 'report', report)
  const told = new Set<string>()
  const keys = new Set<string>()
  return defineMiddleware(
    {
      name: 'detect-client-retries',
      wants: [{ position: 'outside', of: 'retry', orElse: 'it sees the resends of retry' }],
    },
    (next) =>
      function detectClientRetries(request, call) {
        const sign = call.attempt > 1 ? undefined : signOf(request, keys)
        if (sign !== undefined && !told.has(sign)) {
          told.add(sign)
          report(`The client retries on its own, and its attempts multiply with those of the stack. ${sign}`)
        }
        return next(request, call)
      },
  )
}

function signOf(request: HttpRequest, keys: Set<string>): string | undefined {
  const { retry } = (request.init ?? {}) as { readonly retry?: unknown }
  const count = (retry as { readonly attempts?: unknown } | null | undefined)?.attempts ?? retry
  if (Number(request.header('x-stainless-retry-count')) > 0) return 'Give it the option maxRetries: 0.'
  if (Number(request.header('x-retry-count')) > 0) return 'Supabase: give it the option db: { retry: false }.'
  if (/attempt=(?!1\b)/.test(request.header('amz-sdk-request') ?? ''))
    return 'AWS SDK: give it the option maxAttempts: 1.'
  if (typeof count === 'function' || Number(count) > 0) return 'Leave its option retry out, or set it to 0.'
  const key = request.header('idempotency-key')
  if (key === undefined) return undefined
  if (keys.has(key)) return 'An Idempotency-Key came again. Stripe: maxNetworkRetries: 0; AI SDK: maxRetries: 0.'
  if (keys.size >= MAX_KEYS) keys.clear()
  keys.add(key)
  return undefined
}
