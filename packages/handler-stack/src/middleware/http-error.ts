import { describeStatus, type StatusDescription } from '@fetchstack/status-classifier'
import type { HttpRequest } from '../http-request.ts'

/**
 * A response whose status is an error. Made by `httpErrors`.
 *
 * Its body has not been touched: read `error.response`, or `release` it, for an unread body holds its connection.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError' as const
  readonly code = 'FETCHSTACK_HTTP_ERROR' as const
  readonly status: number
  /** What the status means, who has to act, and whether to send the request again. */
  readonly description: StatusDescription
  // Out of sight of whatever prints errors: a response prints its URL with the query, and cookies. Bun prints what hangs on an
  // error without asking it how, and so the headers of a request.
  readonly #request: HttpRequest
  readonly #response: Response

  constructor(request: HttpRequest, response: Response) {
    const { status } = response
    const description = describeStatus(status)
    super(`${request.toString()} ${status} ${description.name}: ${description.sentence}`)
    this.#request = request
    this.status = status
    this.description = description
    this.#response = response
  }

  get request(): HttpRequest {
    return this.#request
  }

  get response(): Response {
    return this.#response
  }
}

/** Whether `error` is an {@link HttpError}, also of another installed copy of this package. */
export function isHttpError(error: unknown): error is HttpError {
  const { name, code } = (error ?? {}) as Partial<HttpError>
  return name === 'HttpError' && code === 'FETCHSTACK_HTTP_ERROR'
}
