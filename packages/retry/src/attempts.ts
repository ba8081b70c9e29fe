import { type Call, type Clock, type Handler, type HttpRequest, release, sleep } from '@fetchstack/handler-stack'
import type { Decision } from '@fetchstack/retry-decision'
import type { Category } from '@fetchstack/status-classifier'
import pRetry from 'p-retry'
import { type AttemptRecord, causeOf, keepExplanation, nameOutcome } from './explain.ts'
import { type Ending, endingOf, judge, type Means } from './judge.ts'

/** What the attempts of one call go by. */
export interface Setting extends Means {
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
  /** The call's attempt that the first one of these was. */
  readonly from: number
}

// One for all: making an error costs 15 µs. Only p-retry ever sees it. Not a TypeError: those it does not repeat.
const again: Error = /* @__PURE__ */ new Error('again')

/** How many attempts there can be at the most, those that don't count included. */
export function attemptLimit({ policy }: Means): number {
  return policy.maxAttempts > 1 ? policy.maxAttempts + policy.transparentRetries : 1
}

/**
 * All that follows when the first attempt did not simply succeed. p-retry is the loop; the policy decides what it repeats and
 * how long it waits. No error but ours is thrown into it: it replaces some and repeats others. The outcome is a value.
 */
export async function continueAttempts(setting: Setting, begun: Begun, first: Ending): Promise<Response> {
  const { book, keyOf, clock, onDecision } = setting
  const { name, next, request, call, replay, deadline, from } = begun
  const limit = attemptLimit(setting)
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
      unsent = counted + transparentRetries < limit ? current.fork() : current
      return endingOf(await next(current, call))
    } catch (error) {
      return { error }
    }
  }

  async function decideOn(outcome: Ending): Promise<Decision> {
    const at = clock.now()
    const progress = { attempt: counted, transparentRetries, previousBackoff, replay, deadline, now: at }
    const { verdict, hint, decision } = await judge(setting, outcome, request, progress)
    const { category, code } = verdict
    const { attempt } = call
    const record = { attempt, at, outcome: nameOutcome(outcome, code), verdict, hint: hint?.evidence ?? [], decision }
    const tell = (type: 'success' | 'failure' | 'retry'): void =>
      book?.record(keyOf(request), { type, at, category, retried })
    records.push(record)
    call.record({ layer: name, event: decision.action, attempt, detail: record })
    tell(decision.action === 'accept' ? 'success' : 'failure')
    if (decision.reason === 'transparent') transparentRetries++
    else if (decision.action === 'retry') {
      counted++
      previousBackoff = decision.backoff ?? 0
      retried = category
      tell('retry')
    }
    onDecision?.(record, request, call)
    return decision
  }

  async function attempt(number: number): Promise<Ending> {
    if (number > 1) ending = await resend()
    let result: Ending | undefined
    try {
      if ((await decideOn(ending)).action !== 'retry') return ending
    } catch (error) {
      // A function of the user's threw: a rule, a reader, a schedule, a decider. No decision led to that.
      result = { error }
      records.length = 0
    }
    if ('response' in ending) release(ending.response)
    if (result) return result
    throw again
  }

  async function wait(): Promise<boolean> {
    const { delay = 0 } = records.at(-1)!.decision
    // Who cuts the call off further outside, such as a timeout, rejects it before the loop gets to hear of it.
    request.signal?.addEventListener('abort', onAbort)
    await sleep(clock, delay, request.signal)
    waited += delay
    return true
  }

  function keep(...things: readonly unknown[]): void {
    // A timer may fire within the millisecond before its time.
    const late = deadline !== undefined && clock.now() >= deadline - 1
    keepExplanation(things, { request, replay, attempts: call.attempt - from + 1, records, waited, late })
  }

  const onAbort = (): void => keep(request.signal!.reason)

  try {
    ending = await pRetry(attempt, { retries: limit, minTimeout: 0, shouldRetry: wait })
  } catch (error) {
    // The wait was aborted.
    ending = { error }
  }
  if (unsent !== request) unsent.release()
  request.signal?.removeEventListener('abort', onAbort)
  if ('error' in ending) {
    keep(ending.error, causeOf(ending.error))
    throw ending.error
  }
  keep(ending.response, ending.response.headers)
  return ending.response
}
