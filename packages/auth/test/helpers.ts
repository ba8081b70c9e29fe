import { Call, type FetchInput, HandlerStack, HttpRequest, type Middleware } from '@fetchstack/handler-stack'
import { type MockHandler, mockHandler } from '@fetchstack/testing'
import type { AuthError } from '../src/index.ts'

export const API = 'https://api.example.com'

/** A mock that answers every call with an empty 200. */
export function always(): MockHandler {
  return mockHandler(Array.from({ length: 100 }, () => () => new Response(null)))
}

/** What one call makes of a request: what was sent on, and what came back. */
export async function pass(middleware: Middleware, input: FetchInput = `${API}/videos`, init?: RequestInit) {
  const mock = always()
  const call = new Call()
  const request = HttpRequest.from(input, init)
  const response = await middleware(mock)(request, call)
  return { request, sent: mock.last!.request, response, call, mock }
}

/** The headers that a request was sent on with, names in lower case. */
export function headersOf(request: HttpRequest): Record<string, string> {
  return Object.fromEntries(new Headers(request.headers))
}

/** What a call is rejected with. */
export async function rejection(
  middleware: Middleware,
  input: FetchInput = `${API}/videos`,
  init?: RequestInit,
): Promise<AuthError> {
  const api = HandlerStack.create(always()).push(middleware).toFetch()
  return api(input, init).then(
    () => {
      throw new Error('It was not rejected.')
    },
    (error: unknown) => error as AuthError,
  )
}

/** An abort signal that counts its listeners. */
export function countingSignal(): { controller: AbortController; signal: AbortSignal; listeners: () => number } {
  const controller = new AbortController()
  const { signal } = controller
  let count = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<AbortSignal['addEventListener']>) => {
    count++
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<AbortSignal['removeEventListener']>) => {
    count--
    remove(...args)
  }
  return { controller, signal, listeners: () => count }
}
