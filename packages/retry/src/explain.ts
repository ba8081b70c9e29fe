import type { HttpRequest } from '@fetchstack/handler-stack'
import type { Decision, Reason } from '@fetchstack/retry-decision'
import type { Verdict } from '@fetchstack/status-classifier'

/** One attempt, what it was taken for and what was decided. Plain data, no secrets. */
export interface AttemptRecord {
  /** Its number in the call, counted from 1; a transparent resend is an attempt here too. */
  readonly attempt: number
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number
  /** The status, or the error's name and code: `503`, `TypeError ECONNREFUSED`. */
  readonly outcome: string
  /** What the outcome was taken for. */
  readonly verdict: Verdict
  /** What the server said about when to come back, and how it was read. Empty when it said nothing. */
  readonly hint: readonly string[]
  readonly decision: Decision
}

/** How a call came to its outcome. */
export interface Explanation {
  /** Requests that were sent. */
  readonly attempts: number
  /** Milliseconds spent in waits. */
  readonly waited: number
  /** Why the last attempt was the last. `success` for a call that got through. */
  readonly reason: Reason
  /** When the server is ready again, in milliseconds since the epoch, if it named a time. */
  readonly retryAt?: number
  /**
   * What was resent: `nothing`, a request with `no-body`, the `body` as it was, or a `clone` of the caller's `Request`.
   * `not-replayable`: nothing, and nothing could have been, since the body is a stream.
   */
  readonly resent: 'nothing' | 'no-body' | 'body' | 'clone' | 'not-replayable'
  /** What this layer decided on, oldest first. */
  readonly records: readonly AttemptRecord[]
}

const explanations = new WeakMap<object, Explanation>()

/**
 * How the call that ended with this response or error came to it: attempts, waits, and the reason for each decision.
 *
 * An error that a client made of it is looked through: at its `response`, at the very `headers` or `Request` that it kept of
 * the exchange, else along its causes. The cause of the error alone will do.
 * `undefined` for a response that came at the first attempt with a success (nothing was decided, so nothing is kept), for what
 * did not come through `retry`, when a layer further outside cut the first attempt off, when a function of your own threw, and for
 * a thrown value that is no object. An error that several calls share, such as
 * the reason of one abort signal, tells of the last of them.
 *
 * @param responseOrError - What the call resolved or rejected with, the same object.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { explain, retry } from '@fetchstack/retry'
 *
 * const api = HandlerStack.create().push(retry()).toFetch()
 * const response = await api('https://api.example.com/videos')
 * console.log(explain(response)?.records.map((record) => `${record.outcome}: ${record.decision.reason}`))
 * ```
 */
export function explain(responseOrError: unknown): Explanation | undefined {
  let current = responseOrError
  // A client wraps what it was given: ky's HTTPError has the response, its NetworkError the cause, OpenAI's errors the headers,
  // axios's the request.
  for (let depth = 0; depth < 10 && isObject(current); depth++) {
    let found = explanations.get(current)
    try {
      const { response, headers, request, cause } = current as Readonly<Record<string, Partial<Response> | undefined>>
      for (const kept of [response, headers, response?.headers, request]) {
        found ??= explanations.get(kept!)
      }
      current = cause
    } catch {
      // A getter or a proxy: there is no looking through this one.
      current = undefined
    }
    if (found !== undefined) return found
  }
  return undefined
}

/** What an explanation is made of. */
export interface Story {
  readonly request: HttpRequest
  readonly replay: HttpRequest['replay']
  /** Requests that were sent. More than there are records when one is under way, or a retry further inside sent some. */
  readonly attempts: number
  readonly records: readonly AttemptRecord[]
  readonly waited: number
  /** Whether the deadline has passed. */
  readonly late: boolean
}

/** @param things - The outcome, and what a client may keep in place of it. */
export function keepExplanation(things: readonly unknown[], story: Story): void {
  const { request, replay, attempts, records, waited, late } = story
  const last = records.at(-1)?.decision
  if (last === undefined) return
  const { retryAt } = last
  const sent = (request.body ?? undefined) === undefined ? 'no-body' : replay === 'clone' ? replay : 'body'
  const explanation: Explanation = {
    attempts,
    waited,
    // A decision to retry that is the last of all means that its wait was cut short.
    reason: last.action !== 'retry' ? last.reason : late ? 'total-timeout' : 'aborted',
    ...(retryAt !== undefined && { retryAt }),
    resent: attempts > 1 ? sent : replay === 'never' ? 'not-replayable' : 'nothing',
    records: [...records],
  }
  for (const thing of [...things, request.source]) if (isObject(thing)) explanations.set(thing, explanation)
}

/** The status, or what an error calls itself. Its message stays out: it may hold what must not be printed. */
export function nameOutcome(
  outcome: { readonly response: Response } | { readonly error: unknown },
  code?: string,
): string {
  if ('response' in outcome) return String(outcome.response.status)
  const { error } = outcome
  let name: string = typeof error
  try {
    const given = (error as Error).name as unknown
    if (typeof given === 'string') name = given
  } catch {
    // It has no name, or does not let it be read.
  }
  return code === undefined ? name : `${name} ${code}`
}

/** What some clients keep of an error in place of it: the AI SDK does. */
export function causeOf(error: unknown): unknown {
  try {
    return (error as Error).cause
  } catch {
    // It has none, or does not let it be read.
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
