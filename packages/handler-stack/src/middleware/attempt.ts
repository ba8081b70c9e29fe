import type { Call } from '../call.ts'
import type { Handler } from '../contract.ts'
import type { HttpRequest } from '../http-request.ts'

/** Calls `next`; what it throws at once becomes a rejection, so that whoever watches the outcome sees it. */
export function attempt(next: Handler, request: HttpRequest, call: Call): Promise<Response> {
  try {
    return next(request, call)
  } catch (error) {
    return Promise.reject(error)
  }
}
