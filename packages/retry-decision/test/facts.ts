import type { ServerHint } from '@fetchstack/backoff'
import type { Verdict } from '@fetchstack/status-classifier'
import type { Facts, RequestFacts } from '../src/index.ts'

/** The verdicts that decisions are tested with: what `classify` gives, by name. */
export const verdicts = {
  ok: verdict('success', { status: 200, durability: 'unknown', processed: 'yes', retry: 'never' }),
  moved: verdict('redirect', { status: 304, processed: 'yes', retry: 'never' }),
  badRequest: verdict('client-error', { status: 400, durability: 'permanent', processed: 'no', retry: 'never' }),
  unauthorized: verdict('auth', { status: 401, durability: 'unknown', processed: 'no', retry: 'modify' }),
  requestTimeout: verdict('client-error', { status: 408 }),
  conflict: verdict('conflict', { status: 409, durability: 'unknown', retry: 'hint' }),
  tooLarge: verdict('client-error', { status: 413, durability: 'unknown', processed: 'no', retry: 'hint' }),
  throttled: verdict('throttled', { status: 429, processed: 'no', retry: 'any' }),
  internal: verdict('server-error', { status: 500, durability: 'unknown' }),
  unavailable: verdict('overloaded', { status: 503 }),
  timeout: verdict('timeout', {}),
  refused: verdict('network', { code: 'ECONNREFUSED', processed: 'no', retry: 'any' }),
  notFoundName: verdict('network', {
    code: 'ENOTFOUND',
    durability: 'unknown',
    processed: 'no',
    retry: 'any',
    maxRetries: 1,
  }),
  reset: verdict('network', { code: 'ECONNRESET' }),
  badPort: verdict('config', { durability: 'permanent', retry: 'never' }),
  aborted: verdict('aborted', { durability: 'unknown', retry: 'never' }),
} as const satisfies Record<string, Verdict>

export function verdict(category: Verdict['category'], parts: Partial<Verdict>): Verdict {
  return {
    category,
    fault: 'server',
    durability: 'transient',
    processed: 'maybe',
    retry: 'idempotent',
    evidence: [],
    ...parts,
  }
}

export function hint(delay: number): ServerHint {
  return { delay, source: 'retry-after', evidence: [] }
}

type Parts = Partial<Omit<Facts, 'request' | 'verdict'>> & { readonly request?: Partial<RequestFacts> }

/** A first GET attempt at time 0 whose random numbers are all 0.5. */
export function facts(found: Verdict, { request, ...parts }: Parts = {}): Facts {
  return {
    attempt: 1,
    verdict: found,
    now: 0,
    random: () => 0.5,
    ...parts,
    request: { method: 'GET', replay: 'free', ...request },
  }
}
