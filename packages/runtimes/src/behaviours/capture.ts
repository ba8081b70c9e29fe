import type { ErrorShape } from '@fetchstack/corpus'
import type { Middleware } from '@fetchstack/handler-stack'
import { describeError } from '../record/describe-error.ts'

/** What the runtime's own fetch gave: a status, or what it threw. */
export type Given = { readonly status: number } | { readonly error: ErrorShape }

/** The innermost middleware: writes down what fetch itself did, attempt by attempt. */
export interface Capture {
  readonly middleware: Middleware
  /** By attempt; `undefined` for one that has not settled. */
  readonly given: readonly (Given | undefined)[]
  /** What was thrown, oldest first: the very values. */
  readonly thrown: readonly unknown[]
  /** Resolves when all attempts have settled, or after `limit` milliseconds. */
  readonly settled: (limit: number) => Promise<boolean>
}

export function capture(): Capture {
  const given: (Given | undefined)[] = []
  const thrown: unknown[] = []
  let pending = 0
  const middleware: Middleware = (next) =>
    function capture(request, call) {
      const index = given.push(undefined) - 1
      pending++
      const note = (value: Given): void => {
        given[index] = value
        pending--
      }
      const failed = (error: unknown): never => {
        thrown.push(error)
        note({ error: describeError(error, { signal: request.signal }) })
        throw error
      }
      try {
        return next(request, call).then((response) => {
          note({ status: response.status })
          return response
        }, failed)
      } catch (error) {
        return failed(error)
      }
    }
  const settled = async (limit: number): Promise<boolean> => {
    for (let waited = 0; pending > 0 && waited < limit; waited += 10) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return pending === 0
  }
  return { middleware, given, thrown, settled }
}
