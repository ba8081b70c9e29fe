import { readFileSync } from 'node:fs'
import type { ExpectedVerdict } from '@fetchstack/corpus'
import type { Form } from '../behaviours/forms.ts'
import type { RuntimeName } from '../contract.ts'
import { type Deviation, deviations } from './deviations.ts'
import { type Row, rows } from './rows.ts'

/** The part of `data/errors.json` that is used here. */
interface Situations {
  readonly outcomes: Readonly<Record<string, { readonly verdict: ExpectedVerdict }>>
  readonly situations: Readonly<Record<string, { readonly phase: 'call' | 'body'; readonly outcome: string }>>
}

/** The corpus's own file of outcomes and situations: the classifier is tested on it too. */
export const corpusFile: URL = new URL('../../../corpus/src/data/errors.json', import.meta.url)

export const corpus: Situations = JSON.parse(readFileSync(corpusFile, 'utf8')) as Situations

/** What is expected of a case. */
export interface Expected {
  readonly row: Row
  readonly why: string | undefined
  /** Other than `row.outcome`: names of outcomes that are right as well. */
  readonly outcomes: readonly string[]
  readonly whole: boolean
}

/** The outcomes that the corpus has no errors for. */
const OWN: Readonly<Record<string, string>> = {
  overloaded: 'overloaded server transient maybe idempotent',
  throttled: 'throttled caller transient no any',
  'unclear-once': 'network network unknown maybe idempotent 1',
  'unclear-method': 'network network transient maybe idempotent',
  'failed-source': 'unknown none unknown maybe never',
}

/** The verdict of an outcome, in the words of the classifier's table. */
export function verdictOf(outcome: string): string {
  const own = OWN[outcome]
  if (own !== undefined) return own
  const entry = corpus.outcomes[outcome]
  if (entry === undefined) throw new Error(`There is no outcome "${outcome}".`)
  const { category, fault, durability, processed, retry, maxRetries } = entry.verdict
  return [category, fault, durability, processed, retry, ...(maxRetries === undefined ? [] : [maxRetries])].join(' ')
}

/** The expectation for a case: the row, with what deviates on this runtime. */
export function expectedOf(group: string, form: Form, runtime: RuntimeName): Expected {
  const row = rows[group]
  if (row === undefined) throw new Error(`expected/rows.ts has no row for "${group}".`)
  const found: Deviation | undefined = deviations.find(
    ({ of, on }) => on.includes(runtime) && (of.includes(`${group}/${form.name}`) || of.includes(group)),
  )
  const { of: _of, on: _on, why, whole, ...changes }: Partial<Deviation> = found ?? {}
  const outcome = changes.outcome ?? row.outcome ?? corpus.situations[group]?.outcome
  if (outcome === undefined) throw new Error(`No outcome for "${group}": the corpus has no such situation.`)
  const or = changes.outcome === undefined || row.outcome === 'unclear' ? (row.or ?? []) : []
  return { row: { ...row, ...changes, outcome }, why, outcomes: [outcome, ...or], whole: whole !== false }
}

/** A call as it should go. */
export interface Course {
  /** Verdict and decision of each attempt; empty for an answer that nothing was decided about. */
  readonly steps: readonly string[]
  readonly attempts: number
  readonly succeeds: boolean
  readonly reason: string
  readonly requests: number
}

const SUCCESS = 'success none unknown yes never > accept success'

/** What follows from an outcome for a form, told once more and in other words than `decide` has it. */
export function courseOf(row: Row, outcome: string, form: Form): Course {
  const course = uncut(row, outcome, form)
  const { cut } = row
  if (cut === undefined || !course.steps[0]?.includes('> retry')) return course
  const [verdict] = course.steps[0].split(' > ')
  const step = cut === 'aborted' ? course.steps[0] : `${verdict} > give-up ${cut}`
  return { steps: [step], attempts: 1, succeeds: false, reason: cut, requests: row.perFault ?? 0 }
}

function uncut(row: Row, outcome: string, form: Form): Course {
  const { faults = Infinity, perFault = 0, perSuccess = 1, maxAttempts = 3 } = row
  if (row.unsent && outcome !== 'answered') {
    return { steps: [], attempts: 0, succeeds: false, reason: 'not sent', requests: 0 }
  }
  if (outcome === 'answered' || row.body) {
    return { steps: [], attempts: 1, succeeds: true, reason: 'first attempt', requests: perSuccess }
  }
  const verdict = verdictOf(outcome)
  const [category, , durability, , guidance, cap = Infinity] = verdict.split(' ')
  const stream = form.kind === 'stream' && !row.repeats
  const steps: string[] = []
  let counted = 1
  let transparent = 0
  for (let attempt = 1; ; attempt++) {
    if (attempt > faults) {
      steps.push(SUCCESS)
      const requests = faults * perFault + perSuccess
      return { steps, attempts: attempt, succeeds: true, reason: 'success', requests }
    }
    const stop = whyStopped()
    steps.push(`${verdict} > ${stop === undefined ? `retry ${reasonToRetry()}` : `give-up ${stop}`}`)
    if (stop !== undefined)
      return { steps, attempts: attempt, succeeds: false, reason: stop, requests: attempt * perFault }
    if (isTransparent()) transparent++
    else counted++
  }

  function isTransparent(): boolean {
    const unsent = category === 'network' && guidance === 'any' && durability === 'transient'
    return unsent && !stream && maxAttempts > 1 && transparent === 0
  }

  function whyStopped(): string | undefined {
    if (category === 'aborted') return row.reason ?? 'aborted'
    if (guidance === 'never') return 'permanent-error'
    if (isTransparent()) return undefined
    const idempotent = outcome !== 'unclear-method' && form.method !== 'POST'
    if (guidance === 'idempotent' && !idempotent) return 'unsafe-method'
    if (stream) return 'body-not-replayable'
    return counted >= maxAttempts || counted - 1 + transparent >= Number(cap) ? 'attempts-exhausted' : undefined
  }

  function reasonToRetry(): string {
    if (isTransparent()) return 'transparent'
    if (category === 'overloaded' || category === 'throttled') return category
    if (guidance === 'any') return 'network-unprocessed'
    return category === 'timeout' ? 'attempt-timeout' : 'network-idempotent'
  }
}
