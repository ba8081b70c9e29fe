import type { Call } from './call.ts'
import type { HttpRequest } from './http-request.ts'

/** Sends a request, or hands it to whoever does. Rejects with what went wrong; a status is not an error. */
export type Handler = (request: HttpRequest, call: Call) => Promise<Response>

/**
 * Wraps a handler in another one. `next` may be called more than once (retry, hedge) or not at all (cache, mock).
 * State belongs into the factory that makes the middleware: the wrap runs anew for each stack that it is resolved in.
 */
export type Middleware = (next: Handler) => Handler

/** What `fetch` takes as headers. Named by way of `RequestInit` so that it means the same with and without `lib.dom`. */
export type HeadersInput = NonNullable<RequestInit['headers']>

/** What `fetch` takes as a body. */
export type BodyInput = NonNullable<RequestInit['body']>

/** Makes the body anew for each attempt, so that a stream can be resent. */
export type BodyFactory = () => BodyInput | Promise<BodyInput>

/** What `fetch` takes as its first argument. */
export type FetchInput = string | URL | Request

/** A call signature that every `fetch` fits, whatever else its runtime hangs on it. */
export type FetchFunction = (input: FetchInput, init?: RequestInit) => Promise<Response>

/**
 * Whether a body can be sent again.
 * - `free`: as often as needed: none at all, a string, bytes, a Blob, URLSearchParams, FormData or a factory.
 * - `clone`: the body of the caller's own `Request`; it must be cloned before it is sent.
 * - `never`: a stream, or a body that has been read.
 */
export type Replay = 'free' | 'clone' | 'never'

/** `RequestInit` with two additions: a body factory, and the per-call options of the stack's middleware. */
export interface StackInit<Options = Record<never, never>> extends Omit<RequestInit, 'body'> {
  readonly body?: BodyInput | BodyFactory | null
  /** Must be `'half'` for a stream body (Fetch standard). */
  readonly duplex?: 'half'
  /** Per-call options, by the name that the layer has in the stack. An unknown name is an error. */
  readonly fetchstack?: [keyof Options] extends [never] ? Record<string, never> : Options
}

/** A plain `fetch` made of a stack; fits wherever a `fetch` is taken. */
export type StackFetch<Options = Record<never, never>> = (
  input: FetchInput,
  init?: StackInit<Options>,
) => Promise<Response>

/** Time, as middleware sees it. `systemClock` in production, a fake one in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(handle: unknown): void
}
