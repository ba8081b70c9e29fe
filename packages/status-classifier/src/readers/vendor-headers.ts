import { type Fields, type Row, read } from '../row.ts'
import type { Finding, Outcome } from '../types.ts'

/** Header and, where only one value counts, the value. From the fourth on: GitHub says with 403 what others say with 429. */
const rows: readonly Row[] = [
  'overloaded intermediary transient no any|x-envoy-overloaded',
  'throttled caller transient no any|x-envoy-ratelimited',
  'client-error caller permanent no never|cf-mitigated|challenge',
  'throttled caller transient no hint|x-ratelimit-remaining|0',
  'throttled caller transient no hint|retry-after',
]

/** Reads what proxies and vendors say in headers of their own, of a response with status 400 or higher: Envoy, Cloudflare, GitHub. */
export function vendorHeaders(outcome: Outcome): Finding | undefined {
  if ('error' in outcome) return
  const { status, headers } = outcome.response
  for (const row of status < 400 ? [] : rows.slice(0, status === 403 ? 5 : 3)) {
    const [fields, header, only] = row.split('|') as [Fields, string, string?]
    const value = headers.get(header)
    if (value === null || (only && only !== value)) continue
    const { evidence, ...found } = read(fields, header, value)
    return { ...found, evidence: evidence[0]! }
  }
}
