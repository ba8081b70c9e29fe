import { OptionError } from '@fetchstack/options'
import type { Call } from '../call.ts'
import { type DescribedMiddleware, defineMiddleware } from '../describe.ts'
import type { HttpRequest } from '../http-request.ts'
import { attempt } from './attempt.ts'

/** One request that is over, and how it ended: with a `response`, or with an `error`. */
export interface HistoryEntry {
  /** As it was where the layer stands. */
  readonly request: HttpRequest
  readonly call: Call
  /** The very object that the caller gets; whoever reads its body first has it. */
  readonly response?: Response
  /** Whatever it was rejected with. */
  readonly error?: unknown
}

/** Where the entries go: an array, or anything that takes them one by one. */
export interface HistoryContainer {
  push(entry: HistoryEntry): unknown
}

/**
 * Records every request that passes and its outcome, in the order in which they end. Outcomes go on unchanged.
 * Inside a retry it records each attempt, outside of it each call. It never forgets: empty the container in long runs.
 *
 * @throws {OptionError} `container` has no `push`.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { type HistoryEntry, history } from '@fetchstack/handler-stack/middleware'
 *
 * const entries: HistoryEntry[] = []
 * const api = HandlerStack.create().push(history(entries)).toFetch()
 * await api('https://api.example.com/videos')
 * console.log(`${entries[0]?.request}`, entries[0]?.response?.status)
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function history(container: HistoryContainer): DescribedMiddleware<'history'> {
  if (typeof (container as HistoryContainer | null | undefined)?.push !== 'function') {
    throw new OptionError('history', 'container', 'container must be an array, or an object with a method push(entry).')
  }
  return defineMiddleware(
    { name: 'history' },
    (next) =>
      function history(request, call) {
        return attempt(next, request, call).then(
          (response) => {
            container.push({ request, call, response })
            return response
          },
          (error: unknown) => {
            container.push({ request, call, error })
            throw error
          },
        )
      },
  )
}
