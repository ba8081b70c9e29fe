import type { Call, HttpRequest } from '@fetchstack/handler-stack'
import type { Challenge } from '@fetchstack/www-authenticate'

/** What a scheme may know of the attempt that it authorises. */
export interface AuthContext {
  /** Where the request goes: scheme, host and port. */
  readonly origin: string
  /** Counted from 1. */
  readonly attempt: number
  /** Of the request, where it has one. */
  readonly signal: AbortSignal | undefined
  /** What the layers of this call share: typed values, and what it was called with. */
  readonly call: Call
  /** The time to sign with. */
  readonly time: AuthTime
  /** The challenges of a response's `WWW-Authenticate`, parsed once per response. What can't be parsed is left out. */
  challenges(response: Response): readonly Challenge[]
  /**
   * The bytes of a request's body, for a scheme that signs or hashes them, and the request that will send exactly these bytes
   * (a form gets its boundary now). Empty for no body. Each request is read once.
   *
   * @throws {AuthError} `BODY`: a stream or a `Request` longer than `bodyLimit`, or a body that has been read.
   */
  bytes(request: HttpRequest): Promise<{ readonly request: HttpRequest; readonly bytes: Uint8Array<ArrayBuffer> }>
  /** Sends a request past this layer, without its credential: for whoever has to ask before it can sign. */
  plain(request: HttpRequest): Promise<Response>
  /** Adds a step to the trail of the call, which logs print: `stale`, `nonce`... No secrets, neither in it nor in the detail. */
  record(event: string, detail?: unknown): void
}

/** The clock of one authorised request: the machine's, corrected by what the server's `Date` said when a proof failed. */
export interface AuthTime {
  /** Milliseconds since the epoch. All proofs of one context use the offset that was known at the first, until `correct`. */
  now(): number
  /**
   * Looks at the `Date` of a response that refused a time-bound proof. `true` when the server's clock is more than 30 s away from
   * what `now()` gave for this request: then it is remembered, and `now()` is corrected, so that signing again makes sense.
   */
  correct(response: Response): boolean
}

/** What a proof holds for. `once`: for one request on the wire. */
export type Binding = 'method' | 'url' | 'body' | 'time' | 'once'

/**
 * A way to authorise a request. It does no I/O of its own, and gives exactly one of `authorize` and `flow`.
 * What it throws rejects the call.
 */
export interface AuthScheme {
  /** For labels and messages, and for the challenge that it answers: `bearer`, `digest`... */
  readonly name: string
  /** The schemes of the challenges that it can answer, in lower case, where they are not its name. */
  readonly answers?: readonly string[]
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
