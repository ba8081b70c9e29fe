import { parseList } from 'structured-headers'
import type { HintResponse, ServerHint } from './types.ts'

/**
 * Reads the `RateLimit` field of draft-ietf-httpapi-ratelimit-headers-11: `"default";r=0;t=30`.
 *
 * Of the quotas that are used up (`r=0`), the longest effective window (`t`, in seconds) is the delay. A used-up quota without
 * `t` says nothing about when; the window of its policy in `RateLimit-Policy` is then named in the evidence, but is no delay,
 * for the draft calls that field informative. Ignored, with evidence, are a field that is malformed and one on a response
 * from a cache (`Age` above 0): the draft demands both.
 *
 * Give it to `serverHint` as a reader: there Retry-After goes before it, as the draft demands, too. Pure; never throws.
 *
 * @param response - A `Response`, or anything with its `status` and `headers`.
 * @returns `undefined` when there is no `RateLimit` field, or every quota has something left.
 * @example
 * ```ts
 * import { serverHint } from '@fetchstack/backoff'
 * import { rateLimit } from '@fetchstack/backoff/rate-limit'
 *
 * const response = new Response(null, { status: 429, headers: { ratelimit: '"default";r=0;t=30' } })
 * serverHint(response, { now: Date.now(), readers: [rateLimit] }).delay // 30000
 * ```
 */
export function rateLimit({ headers }: HintResponse): ServerHint | undefined {
  const raw = headers.get('ratelimit')
  if (raw === null) return undefined
  const shown = JSON.stringify(raw.slice(0, 48))
  const ignored = (why: string): ServerHint => {
    return { delay: undefined, source: undefined, evidence: [`ratelimit: ignored ${shown} (${why})`] }
  }
  const limits = quotas(raw, ['r', 't'])
  if (limits?.every(({ r }) => r !== undefined) !== true) return ignored('malformed')
  const spent = limits.filter(({ r }) => r === 0)
  if (spent.length === 0) return undefined
  if (Number.parseInt(headers.get('age') ?? '', 10) > 0) return ignored('from a cache')
  let longest = -1
  for (const { t = -1 } of spent) longest = Math.max(longest, t)
  if (longest < 0) {
    const names = new Set(spent.map(({ name }) => name))
    const w = quotas(headers.get('ratelimit-policy') ?? '', ['w'])?.find(({ name }) => names.has(name))?.w
    return ignored(`used up, but no t${w === undefined ? '' : `; the window of its policy is ${w} s`}`)
  }
  const delay = longest * 1000
  return { delay, source: 'ratelimit', evidence: [`ratelimit: ${shown} is ${delay} ms`] }
}

type Quota = { readonly name: unknown } & { readonly [key in 'r' | 't' | 'w']?: number | undefined }

/** The items of a field with some of their parameters, or `undefined` when it is malformed. Parameters not asked for are comments. */
function quotas(raw: string, keys: readonly ('r' | 't' | 'w')[]): Quota[] | undefined {
  try {
    return parseList(raw).map(([name, parameters]) => {
      if (Array.isArray(name)) throw new TypeError('an inner list')
      return { name, ...Object.fromEntries(keys.map((key) => [key, count(parameters.get(key))])) }
    })
  } catch {
    // Malformed.
  }
}

function count(value: unknown): number | undefined {
  if (value === undefined || (Number.isInteger(value) && (value as number) >= 0)) return value as number | undefined
  throw new TypeError('not a count')
}
