import { type HintReader, type Random, type ServerHint, serverHint } from '@fetchstack/backoff'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { checkNumber } from '@fetchstack/options'
import { type BudgetBook, type Decision, decide, type Policy } from '@fetchstack/retry-decision'
import { type ClassifyOptions, classify, type Verdict } from '@fetchstack/status-classifier'
import type { Guzzle } from './guzzle.ts'

/** How an attempt ended. */
export type Ending = { readonly response: Response } | { readonly error: unknown }

/** A middleware that forgot to return its response must not look like a bug in here. */
export function endingOf(response: Response | undefined): Ending {
  return response ? { response } : { error: new TypeError('A handler inside of retry gave no response.') }
}

/** Where a call stands when an attempt has ended. */
export interface Progress {
  /** Attempts that count, the one that just ended included. */
  readonly attempt: number
  readonly transparentRetries: number
  readonly previousBackoff: number
  /** Whether the body can be sent again; asked before it was sent. */
  readonly replay: HttpRequest['replay']
  /** When the call must be over, in milliseconds since the epoch. */
  readonly deadline: number | undefined
  readonly now: number
}

/** What an attempt was taken for, and what follows. */
export interface Judgement {
  readonly verdict: Verdict
  readonly hint: ServerHint | undefined
  readonly decision: Decision
}

/** What a judge goes by. */
export interface Means {
  readonly policy: Policy
  readonly book: BudgetBook | undefined
  readonly keyOf: (request: HttpRequest) => string
  readonly classification: ClassifyOptions
  readonly hintReaders: readonly HintReader[] | undefined
  readonly random: Random
  /** Decides instead of the policy. */
  readonly guzzle: Guzzle | undefined
}

/** Judges an attempt that has ended: classify, read what the server says, decide. */
export async function judge(
  means: Means,
  ending: Ending,
  request: HttpRequest,
  progress: Progress,
): Promise<Judgement> {
  const { book, keyOf, classification, hintReaders: readers, random, guzzle } = means
  const { now, replay } = progress
  const response = 'response' in ending ? ending.response : undefined
  const verdict = classify(ending, request, classification)
  const hint = response && !guzzle ? serverHint(response, { now, ...(readers && { readers }) }) : undefined
  const facts = {
    ...progress,
    verdict,
    hint,
    random,
    outcome: ending,
    budget: book?.state(keyOf(request)),
    request: {
      method: request.method,
      url: request.url,
      replay,
      idempotencyKey: request.header('idempotency-key') !== undefined,
    },
  }
  if (!guzzle || verdict.category === 'aborted') return { verdict, hint, decision: decide(means.policy, facts) }

  const { attempt } = progress
  const error = 'error' in ending ? ending.error : undefined
  const again = await guzzle.decider(attempt - 1, request, response, error)
  const schedule = (): number => {
    const wait = guzzle.delay(attempt, response, request)
    checkNumber('retry', `delay(${attempt})`, wait, { unit: 'milliseconds' })
    return wait
  }
  const rules = [() => (again ? 'retry' : 'stop')]
  // What the decider wants again is no success, whatever its status.
  const seen: Verdict = again ? { ...verdict, category: 'unknown' } : verdict
  return { verdict, hint, decision: decide({ ...means.policy, rules, schedule }, { ...facts, verdict: seen }) }
}
