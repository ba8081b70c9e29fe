import { decimal, readHeader, secondsOrDate, serverTime } from './read-header.ts'
import type { HintContext, HintResponse, ServerHint } from './types.ts'

/**
 * What the numbers in rate-limit reset headers are.
 *
 * - `seconds`, `milliseconds`: how long to wait.
 * - `epoch`: a point in time, in seconds, or in milliseconds from 10^12 on.
 * - `auto`: as `epoch` from 10^9 on (which is 2001, or a wait of 31 years), as `seconds` below.
 */
export type ResetDialect = 'auto' | 'seconds' | 'milliseconds' | 'epoch'

const names = [
  'x-ratelimit-reset-after',
  'x-ratelimit-retry-after',
  'ratelimit-reset',
  'x-ratelimit-reset',
  'x-rate-limit-reset',
  'x-ratelimit-next',
  'x-ratelimit-reset-requests',
  'x-ratelimit-reset-tokens',
  'anthropic-ratelimit-requests-reset',
  'anthropic-ratelimit-tokens-reset',
  'anthropic-ratelimit-input-tokens-reset',
  'anthropic-ratelimit-output-tokens-reset',
]

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads the headers that say when a used-up quota is filled again. `serverHint` says which, and when they count. */
export function resetHeaders(response: HintResponse, { now }: HintContext, dialect: ResetDialect): ServerHint {
  const { headers, status } = response
  const evidence: string[] = []
  let delay: number | undefined
  let source: string | undefined
  const parse = (text: string, clock: number): number => {
    const value = decimal(text)
    if (value >= (dialect === 'auto' ? 1e9 : dialect === 'epoch' ? 0 : Infinity)) {
      return (value < 1e12 ? value * 1000 : value) - clock
    }
    return value >= 0 && dialect === 'milliseconds' ? value : durationOrTime(text, clock)
  }
  for (const name of names) {
    const remaining = headers.get(name.replace(/reset-after|retry-after|reset|next/, 'remaining'))
    if (remaining === null ? status === 429 || status === 503 : Number.parseInt(remaining, 10) === 0) {
      // Discord's is in seconds, whatever the number in its x-ratelimit-reset is.
      const read = name.endsWith('reset-after') ? secondsOrDate : parse
      const wait = readHeader(response, name, read, serverTime(response, now), evidence)
      if (wait > (delay ?? -1)) {
        delay = wait
        source = name
      }
    } else if (headers.get(name)) evidence.push(`${name}: passed over (remaining is not 0)`)
  }
  return { delay, source, evidence }
}

/** A duration as Go writes it (`6m0s`, `1m26.4s`, `120ms`), an RFC 3339 time, or what `Retry-After` takes. */
function durationOrTime(text: string, clock: number): number {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text)) return Date.parse(text) - clock
  let total = 0
  const rest = text.replace(/([\d.]+)(ms|[smhd])/g, (_, count: string, unit: string) => {
    total += Number(count) * units[unit]!
    return ''
  })
  return text && !rest ? total : secondsOrDate(text, clock)
}
