import type { HttpRequest } from '@fetchstack/handler-stack'

/** What a scheme may know of the attempt that it authorises. */
export interface AuthContext {
  /** Where the request goes: scheme, host and port. */
  readonly origin: string
  /** Counted from 1. */
  readonly attempt: number
  /** Of the request, where it has one. */
  readonly signal: AbortSignal | undefined
}

/** What a proof holds for. `once`: for one request on the wire. */
export type Binding = 'method' | 'url' | 'body' | 'time' | 'once'

/**
 * A way to authorise a request. It does no I/O of its own, and gives exactly one of `authorize` and `flow`.
 * What it throws rejects the call.
 */
export interface AuthScheme {
  /** For labels and messages: `bearer`, `digest`... */
  readonly name: string
  /** Every header and query parameter that it may write. */
  readonly writes: { readonly headers?: readonly string[]; readonly query?: readonly string[] }
  /** What its credential is bound to, so that a layer that changes the request knows that it must be made anew. Default: nothing. */
  readonly binds?: readonly Binding[]
  /** For a scheme that needs no answer: the request with its credential. */
  authorize?(request: HttpRequest, context: AuthContext): HttpRequest | Promise<HttpRequest>
  /**
   * For a scheme that answers a challenge: yields requests and receives their responses. When it returns, the last response
   * stands. Every request must go to `context.origin`. It must not read the body of a response; to look into one, clone it.
   */
  flow?(request: HttpRequest, context: AuthContext): AsyncGenerator<HttpRequest, void, Response>
}
