import { checkFunction, checkOneOf, checkOptions } from '@fetchstack/options'
import { type DescribedMiddleware, defineMiddleware } from '../describe.ts'
import type { HttpRequest } from '../http-request.ts'
import { HttpError } from './http-error.ts'

/** Options of {@link httpErrors}. */
export interface HttpErrorsOptions {
  /** Which responses are errors. Must not read the body. Default: those with a status of 400 or more. */
  readonly isError?: (response: Response, request: HttpRequest) => boolean
}

/**
 * Rejects with an {@link HttpError} where `fetch` resolves with an error status. All other responses go on unchanged.
 * Belongs outside of a retry, which would see an error where it should see a response.
 *
 * Per-call option: `false` to get the response whatever its status.
 *
 * @throws {OptionError} An option is unknown, or `isError` is no function.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { httpErrors, isHttpError } from '@fetchstack/handler-stack/middleware'
 *
 * const api = HandlerStack.create().push(httpErrors()).toFetch()
 * try {
 *   await api('https://api.example.com/videos/1')
 * } catch (error) {
 *   if (!isHttpError(error)) throw error
 *   console.log(error.status, error.description.sentence, await error.response.text())
 * }
 * const response = await api('https://api.example.com/videos/2', { fetchstack: { 'http-errors': false } })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function httpErrors(options: HttpErrorsOptions = {}): DescribedMiddleware<'http-errors', boolean> {
  checkOptions('httpErrors', options, ['isError'])
  const { isError = (response) => response.status >= 400 } = options
  checkFunction('httpErrors', 'isError', isError)
  return defineMiddleware(
    {
      name: 'http-errors',
      scope: 'call',
      wants: [
        {
          position: 'outside',
          of: 'retry',
          orElse: 'retry sees an error where it should see a response and its headers',
        },
      ],
      checkCallOption: (value) => checkOneOf('http-errors', 'the per-call option', value, [true, false]),
    },
    (next, name) =>
      function httpErrors(request, call) {
        const promise = next(request, call)
        if (call.options[name] === false) return promise
        return promise.then((response) => {
          if (isError(response, request)) throw new HttpError(request, response)
          return response
        })
      },
  )
}
