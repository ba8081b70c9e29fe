import type { Form } from '../behaviours/forms.ts'
import type { Observation, RuntimeName } from '../contract.ts'
import { difference } from '../difference.ts'
import { courseOf, type Expected, expectedOf, verdictOf } from './model.ts'
import type { Row } from './rows.ts'

/** What a case saw, as far as it is compared. */
export interface Seen {
  readonly status?: number
  readonly body?: { readonly length?: number; readonly error?: unknown; readonly verdict?: string }
  readonly error?: unknown
  readonly sameError?: boolean
  readonly attempts: readonly {
    readonly status?: number
    readonly error?: unknown
    readonly verdict?: string
    readonly decision?: string
  }[]
  readonly reason: string
  readonly requests: number
  readonly whole?: readonly boolean[]
  readonly methods: readonly string[]
  readonly authorized?: readonly boolean[]
  readonly unavailable?: string
}

/** Groups without a token, or with requests to another origin. */
const WITHOUT_TOKEN = ['url-with-credentials', 'relative-url', 'invalid-url', 'invalid-header']

/** What is wrong with an observation; `undefined` when nothing is. */
export function compare(group: string, form: Form, runtime: RuntimeName, observation: Observation): string | undefined {
  const seen = observation as unknown as Seen
  if (seen.unavailable !== undefined) return undefined
  const expected = expectedOf(group, form, runtime)
  const problems = expected.outcomes.map((outcome) =>
    difference(wanted(group, form, runtime, expected, outcome, seen), got(observation, expected.row)),
  )
  if (problems.includes(undefined)) return undefined
  if (expected.outcomes.length > 1 && isMixture(expected, form, seen)) return undefined
  return expected.why === undefined ? problems[0] : `${problems[0]}\n(known of this runtime: ${expected.why})`
}

function wanted(
  group: string,
  form: Form,
  runtime: RuntimeName,
  { row, whole }: Expected,
  outcome: string,
  seen: Seen,
): Observation {
  const course = courseOf(row, outcome, form)
  // workerd hands on a copy of the reason that a signal was aborted with.
  const isCopied = runtime === 'workerd' && ['aborted', 'late'].includes(outcome)
  return {
    steps: course.steps,
    attempts: course.attempts,
    ends: course.succeeds || seen.status !== undefined ? endOf(course.succeeds, seen, outcome) : 'error',
    body: row.body ? verdictOf(outcome) : undefined,
    reason: course.reason,
    requests: row.perFaultVaries && seen.requests === course.requests - 1 ? seen.requests : course.requests,
    sameError: seen.sameError === undefined || isCopied ? seen.sameError : true,
    whole: row.redirects ? undefined : seen.whole?.map(() => whole),
    methods: row.redirects ? undefined : seen.methods.map(() => methodOf(group, form)),
    authorized: seen.authorized?.map(() => !WITHOUT_TOKEN.includes(group)),
    settled: true,
    activeRequests: 0,
    leakedSockets: 0,
    listeners: 0,
  }
}

function got(observation: Observation, row: Row): Observation {
  const seen = observation as unknown as Seen
  const { settled, activeRequests, leakedSockets, listeners } = observation
  return {
    steps: seen.attempts
      .filter(({ verdict }) => verdict !== undefined)
      .map(({ verdict, decision }) => `${verdict} > ${decision}`),
    attempts: seen.attempts.length,
    ends: seen.status === undefined ? 'error' : String(seen.status),
    body: row.body ? seen.body?.verdict : undefined,
    reason: seen.reason,
    requests: seen.requests,
    sameError: seen.sameError,
    whole: row.redirects ? undefined : seen.whole,
    methods: row.redirects ? undefined : seen.methods,
    authorized: seen.authorized,
    settled,
    activeRequests,
    leakedSockets,
    listeners,
  }
}

/** A status that is no success is handed on as it is. */
function endOf(succeeds: boolean, { status }: Seen, outcome: string): string {
  if (succeeds) return '200'
  return ['overloaded', 'throttled'].includes(outcome) ? String(status) : 'error'
}

const methodOf = (group: string, form: Form): string => (group === 'forbidden-method' ? 'CONNECT' : form.method)

/** Where chance says which outcome it is, it may be another one for each attempt: each decision must fit its own. */
function isMixture({ row, outcomes }: Expected, form: Form, { attempts, reason, requests }: Seen): boolean {
  const verdicts = outcomes.map(verdictOf)
  const isSafe = attempts.every(({ verdict = '', decision = '' }) => {
    const may = form.method !== 'POST' || !verdict.includes(' maybe ')
    return verdicts.includes(verdict) && (may || decision === 'give-up unsafe-method')
  })
  return (
    isSafe && requests === attempts.length * (row.perFault ?? 0) && attempts.at(-1)?.decision === `give-up ${reason}`
  )
}
