import type { Call, Handler, HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'

/**
 * What one call of a mock handler gives: a response, a status, an error to reject with (`{ error }` for anything that is not an
 * `Error`), or a function that makes or throws one of these.
 */
export type MockOutcome =
  | Response
  | number
  | Error
  | { readonly error: unknown }
  | ((request: HttpRequest, call: Call) => Response | number | Promise<Response | number>)

/** One call that a mock handler got. */
export interface MockCall {
  readonly request: HttpRequest
  readonly call: Call
  /** What it was answered with, once it was. */
  readonly response: Response | undefined
  /** What it was rejected with, once it was. */
  readonly error: unknown
}

/** A terminal handler that plays a queue of outcomes and records who called it. */
export interface MockHandler extends Handler {
  /** All calls, oldest first, also those that were rejected. */
  readonly calls: readonly MockCall[]
  /** How many calls there were. */
  readonly count: number
  /** How many outcomes are left. */
  readonly remaining: number
  /** The last call; `undefined` before the first. */
  readonly last: MockCall | undefined
  /** Puts outcomes at the end of the queue. @throws {OptionError} One of them is not an outcome. */
  append(...outcomes: readonly MockOutcome[]): MockHandler
  /** Forgets the queue and the calls. */
  reset(): MockHandler
}

/**
 * A handler that needs no network: each call takes the next outcome of the queue.
 *
 * It always rejects and never throws: when the queue is empty, when a `Response` would be served a second time (its body can be
 * read only once), and, with the signal's reason and without touching the queue, when the request is aborted already. A function
 * that is under way is not interrupted by an abort.
 *
 * @throws {OptionError} Something in the queue is not an outcome, or a `Response` is in it twice.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { mockHandler } from '@fetchstack/testing'
 *
 * const mock = mockHandler([503, new TypeError('fetch failed'), () => Response.json({ videos: [] })])
 * const api = HandlerStack.create(mock).toFetch()
 * await api('https://api.example.com/videos')
 * console.log(mock.count, mock.remaining, mock.last?.request.method) // 1 2 GET
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function mockHandler(queue: readonly MockOutcome[] = []): MockHandler {
  if (!Array.isArray(queue)) {
    throw new OptionError('mockHandler', 'queue', 'queue must be an array, like [503, Response.json({})].')
  }
  const queued: MockOutcome[] = []
  const calls: MockCall[] = []
  const seen = new WeakSet<Response>()
  const served = new WeakSet<Response>()
  let given = 0

  const serve = async (request: HttpRequest, call: Call): Promise<Response> => {
    request.signal?.throwIfAborted()
    if (queued.length === 0) {
      throw new Error(
        `mockHandler: the queue is empty: ${request.method} ${request.url} is call ${calls.length}, ` +
          `and ${given} outcomes were given. Append more, or look for a call too many.`,
      )
    }
    const outcome = queued.shift()!
    if (outcome instanceof Error) throw outcome
    if (isRejection(outcome)) throw outcome.error
    const result = typeof outcome === 'function' ? await outcome(request, call) : outcome
    const response = typeof result === 'number' ? new Response(null, { status: result }) : result
    if (!isResponse(response)) {
      throw new TypeError('mockHandler: a function gave neither a Response nor a status.')
    }
    if (served.has(response) || response.bodyUsed) {
      throw new Error(`mockHandler: this Response was served before. ${FACTORY}`)
    }
    served.add(response)
    return response
  }

  const handle = async (request: HttpRequest, call: Call): Promise<Response> => {
    const entry = { request, call, response: undefined as Response | undefined, error: undefined as unknown }
    calls.push(entry)
    try {
      entry.response = await serve(request, call)
      return entry.response
    } catch (error) {
      entry.error = error
      throw error
    }
  }

  const append = (outcomes: readonly MockOutcome[]) => {
    for (const outcome of outcomes) {
      checkOutcome(outcome)
      if (!isResponse(outcome)) continue
      if (seen.has(outcome)) {
        throw new OptionError('mockHandler', 'queue', `queue: the same Response is in it twice. ${FACTORY}`)
      }
      seen.add(outcome)
    }
    queued.push(...outcomes)
    given += outcomes.length
  }

  const mock = Object.defineProperties(handle, {
    name: { value: 'mockHandler' },
    calls: { get: () => calls },
    count: { get: () => calls.length },
    remaining: { get: () => queued.length },
    last: { get: () => calls.at(-1) },
    append: {
      value: (...outcomes: readonly MockOutcome[]) => {
        append(outcomes)
        return mock
      },
    },
    reset: {
      value: () => {
        queued.length = 0
        calls.length = 0
        given = 0
        return mock
      },
    },
  }) as unknown as MockHandler
  append(queue)
  return mock
}

const FACTORY = 'Its body can be read only once: give a function, like () => Response.json({}).'

function checkOutcome(outcome: unknown): void {
  if (outcome instanceof Error || isResponse(outcome) || isRejection(outcome) || typeof outcome === 'function') return
  if (typeof outcome === 'number' && Number.isInteger(outcome) && outcome >= 200 && outcome <= 599) return
  const got = typeof outcome === 'number' ? String(outcome) : outcome === null ? 'null' : typeof outcome
  throw new OptionError(
    'mockHandler',
    'queue',
    `queue: an outcome is a Response, a status from 200 to 599, an Error, { error }, or a function; got ${got}.`,
  )
}

/** By its shape: polyfills and other realms have a `Response` of their own. */
function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'bodyUsed' in value && 'status' in value
}

function isRejection(value: unknown): value is { readonly error: unknown } {
  return typeof value === 'object' && value !== null && 'error' in value && !isResponse(value)
}
