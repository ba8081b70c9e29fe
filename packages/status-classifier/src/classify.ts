import { classifyError } from './network-error.ts'
import { defaultReaders } from './readers/default-readers.ts'
import { read } from './row.ts'
import { classifyStatus } from './status-table.ts'
import type { ClassifyOptions, Finding, Outcome, RequestLike, Verdict } from './types.ts'

/**
 * Says what the outcome of a call means: whose fault, for how long, and whether the request was processed.
 *
 * The order: an aborted `request.signal`, whatever the outcome; an error that is an abort; `rules`; `readers`; and last the
 * row of the status or of the error. Each gives what the ones before it left open. What is not known is `unknown`, and
 * never resent. `retry: 'any'` always comes with `processed: 'no'`.
 *
 * Pure. No header, status or thrown value makes it throw.
 *
 * @param outcome - The response, of which only status and headers are read, or whatever was thrown.
 * @param request - The request that was made.
 * @param options - Readers and rules. Default: `defaultReaders`, no rules.
 * @throws What a reader of one's own throws.
 * @example
 * ```ts
 * import { classify } from '@fetchstack/status-classifier'
 *
 * const response = new Response(null, { status: 503, headers: { 'x-envoy-overloaded': 'true' } })
 * const verdict = classify({ response }, { method: 'POST' })
 * console.log(verdict.category, verdict.processed, verdict.retry) // overloaded no any
 * ```
 */
export function classify(outcome: Outcome, request: RequestLike, options: ClassifyOptions = {}): Verdict {
  const base =
    'response' in outcome ? classifyStatus(outcome.response.status) : classifyError(outcome.error, request.url)
  if (request.signal?.aborted) {
    const aborted = read('aborted caller unknown maybe never', 'abort', 'the signal is aborted')
    return { ...base, ...aborted, processed: base.processed, evidence: [...aborted.evidence, ...base.evidence] }
  }
  const { rules = [], readers = defaultReaders } = options
  if (base.category === 'aborted') return base
  const findings = [...rules, ...readers].flatMap((reader) => reader(outcome, request) ?? [])
  return findings[0] ? merge(findings, base) : base
}

/** Strongest first. Who sets `retry` has the word on the directive too: that of a weaker finding does not count any more. */
function merge(findings: readonly Finding[], base: Verdict): Verdict {
  const merged: Record<string, unknown> = {}
  for (const finding of [...findings, base]) {
    for (const [key, value] of Object.entries(finding)) merged[key] ??= value
    if (finding.retry) merged['directive'] ??= ''
  }
  const { directive, ...fields } = merged as unknown as Verdict
  let { retry } = fields
  // Evidence that the request was not processed frees what its row allows for idempotent methods only.
  const freed = retry === 'idempotent' && base.processed !== 'no' && !findings.some((finding) => finding.retry)
  if (directive === 'stop') retry = 'never'
  else if (directive || freed || retry === 'any') retry = fields.processed === 'no' ? 'any' : 'idempotent'
  const evidence = [...findings, base].flatMap((finding) => finding.evidence)
  return { ...fields, ...(directive && { directive }), retry, evidence }
}
