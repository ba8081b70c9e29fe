import { type Call, type Clock, type Handler, type HttpRequest, release, sleep } from '@fetchstack/handler-stack'
import type { BudgetBook, Decision } from '@fetchstack/retry-decision'
import type { Category } from '@fetchstack/status-classifier'
import pRetry from 'p-retry'
import { type AttemptRecord, type Explanation, keepExplanation, nameOutcome } from './explain.ts'
import type { Ending, Judge } from './judge.ts'

/** What the attempts of one call go by. */
export interface Setting {
  readonly judge: Judge
  readonly book: BudgetBook | undefined
  readonly keyOf: (request: HttpRequest) => string
  readonly clock: Clock
  readonly onDecision: ((record: AttemptRecord, request: HttpRequest, call: Call) => void) | undefined
}

/** A call whose first attempt has ended. */
export interface Begun {
  /** The layer's name in the stack. */
  readonly name: string
  readonly next: Handler
  readonly request: HttpRequest
  readonly call: Call
  /** What to send next: the same request, or a copy with an unread body. */
  readonly spare: HttpRequest
  /** Whether the body can be sent again; asked before it was sent. */
  readonly replay: HttpRequest['replay']
  /** The deadline that stood when the call came in; layers inside may have set a nearer one. */
  readonly deadline: number | undefined
}

// One for all: making an error costs 15 µs. Only p-retry ever sees it. Not a TypeError: those it does not repeat.
const again: Error = /* @__PURE__ */ new Error('again')

/**
 * All that follows when the first attempt did not simply succeed. p-retry is the loop; the judge decides what it repeats and
 * how long it waits. No error but ours is thrown into it: it replaces some and repeats others. The outcome is a value.
 */
export async function continueAttempts(setting: Setting, begun: Begun, first: Ending): Promise<Response> {
  const { judge, book, keyOf, clock, onDecision } = setting
  const { name, next, request, call, replay, deadline } = begun
  const records: AttemptRecord[] = []
  let unsent = begun.spare
  let ending = first
  let counted = 1
  let transparentRetries = 0
  let previousBackoff = 0
  let retried: Category | undefined
  let waited = 0

  async function resend(): Promise<Ending> {
    const current = unsent
    call.attempt++
    call.deadline = deadline
    try {
      // The last attempt that there can be needs no copy.
      unsent = counted + transparentRetries < judge.limit ? current.fork() : current
      return { response: await next(current, call) }
    } catch (error) {
      return { error }
    }
  }

  async function decideOn(outcome: Ending): Promise<Decision> {
    const at = clock.now()
    const progress = { attempt: counted, transparentRetries, previousBackoff, replay, deadline, now: at }
    const { decision, verdict, hint } = await judge.judge(outcome, request, progress)
    const category = verdict?.category
    const said = { ...(verdict !== undefined && { verdict }), ...(hint !== undefined && { hint }) }
    const record = { attempt: call.attempt, at, outcome: nameOutcome(outcome, verdict?.code), ...said, decision }
    records.push(record)
    call.record({ layer: name, event: decision.action, attempt: call.attempt, detail: record })
    book?.record(keyOf(request), { type: decision.action === 'accept' ? 'success' : 'failure', at, category, retried })
    if (decision.reason === 'transparent') transparentRetries++
    else if (decision.action === 'retry') {
      counted++
      previousBackoff = decision.backoff ?? 0
      retried = category
      book?.record(keyOf(request), { type: 'retry', at, category })
    }
    onDecision?.(record, request, call)
    return decision
  }

  async function attempt(number: number): Promise<Ending> {
    if (number > 1) ending = await resend()
    try {
      if ((await decideOn(ending)).action !== 'retry') return ending
    } catch (error) {
      // A function of the user's threw: a rule, a reader, a schedule, a decider.
      releaseEnding(ending)
      return { error }
    }
    releaseEnding(ending)
    throw again
  }

  async function wait(): Promise<boolean> {
    const { delay = 0 } = records.at(-1)!.decision
    await sleep(clock, delay, request.signal)
    waited += delay
    return true
  }

  try {
    ending = await pRetry(attempt, { retries: judge.limit, minTimeout: 0, shouldRetry: wait })
  } catch (error) {
    // The wait was aborted.
    ending = { error }
  }
  if (unsent !== request) unsent.release()
  const late = deadline !== undefined && clock.now() >= deadline
  keepExplanation('response' in ending ? ending.response : ending.error, {
    attempts: call.attempt,
    waited,
    ...lastReason(records, late),
    resent: whatWasResent(call.attempt, request, replay),
    records,
  })
  if ('error' in ending) throw ending.error
  return ending.response
}

function releaseEnding(ending: Ending): void {
  if ('response' in ending) release(ending.response)
}

/** A decision to retry that is the last of all means that its wait was cut short. */
function lastReason(records: readonly AttemptRecord[], late: boolean): Pick<Explanation, 'reason' | 'retryAt'> {
  const { action, reason, retryAt } = records.at(-1)?.decision ?? {
    action: 'retry',
    reason: 'aborted',
    retryAt: undefined,
  }
  const cut = late ? 'total-timeout' : 'aborted'
  return { reason: action === 'retry' ? cut : reason, ...(retryAt !== undefined && { retryAt }) }
}

function whatWasResent(attempts: number, request: HttpRequest, replay: HttpRequest['replay']): Explanation['resent'] {
  if (attempts === 1) return replay === 'never' ? 'not-replayable' : 'nothing'
  if (request.body === undefined || request.body === null) return 'no-body'
  return replay === 'clone' ? 'clone' : 'body'
}
