import type { Finding, Outcome } from '../types.ts'

/**
 * Reads the server's own word on retries: `go` or `stop`.
 *
 * Of a response with status 400 or higher: `x-should-retry` (OpenAI, Anthropic) and `stripe-should-retry`, if `true` or `false`;
 * `grpc-retry-pushback-ms`, which means `stop` if it is no number of milliseconds (gRFC A6).
 * Of an error: `overloaded` and `retryable: false` (Cloudflare Durable Objects), `$retryable` (Smithy: AWS SDKs). `retryable: true`
 * is no such word: it says that the failure may pass, so what is idempotent is worth a resend.
 */
export function verdictHeaders(outcome: Outcome): Finding | undefined {
  if ('error' in outcome) return errorVerdict(outcome.error)
  const { status, headers } = outcome.response
  if (status < 400) return
  for (const name of ['x-should-retry', 'stripe-should-retry']) {
    const value = headers.get(name)
    if (value === 'true' || value === 'false') return say(name, value === 'true')
  }
  const pushback = 'grpc-retry-pushback-ms'
  if (/\D|^$/.test(headers.get(pushback) ?? '0')) return say(pushback, false)
}

function errorVerdict(error: unknown): Finding | undefined {
  try {
    const { overloaded, retryable, $retryable } = error as { readonly [key: string]: unknown }
    if (overloaded === true) return { category: 'overloaded', ...say('overloaded', false) }
    if (retryable === false) return say('retryable', false)
    // workerd says so of each connection that breaks, also after the server had the request: Cloudflare means idempotent ones.
    if (retryable === true) return { retry: 'idempotent', evidence: { source: 'retryable', detail: 'true' } }
    if (!$retryable) return
    const { throttling } = $retryable as { readonly throttling?: unknown }
    return { ...(throttling === true && { category: 'throttled' }), ...say('$retryable', true) }
  } catch {
    // What was thrown has no properties, or does not let them be read.
  }
}

function say(source: string, go: boolean): Finding {
  return { directive: go ? 'go' : 'stop', evidence: { source, detail: String(go) } }
}
