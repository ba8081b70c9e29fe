import type { FetchFunction, HandlerStack } from '@fetchstack/handler-stack'
import type { RetryOptions } from '@fetchstack/retry'

/** What a client is tested on, in the order of the table's columns. */
export const CHECKS = [
  'get',
  'post',
  'unsafe',
  'status-error',
  'network-error',
  'abort',
  'stall',
  'stream',
  'own-retry',
  'credential',
  'per-call',
] as const

export type CheckName = (typeof CHECKS)[number]

/** What a client is made from, anew for each check. */
export interface Setting {
  /** `stack.toFetch()`, or that with options bound to it. What nearly all clients take. */
  readonly fetch: FetchFunction
  /** Layers: `total-timeout`, `retry`, `attempt-timeout`, `auth`. For clients that take a stack, or a part of one. */
  readonly stack: HandlerStack<string>
  /** Scheme, host and port, without a slash at the end. */
  readonly baseUrl: string
  /** What the stack's `retry` goes by; for a client that keeps its own loop. */
  readonly policy: Pick<RetryOptions, 'maxAttempts' | 'schedule'> & { readonly onDecision: () => void }
  /** Milliseconds. What the stack's timeouts are set to; for a client that keeps its own. */
  readonly limits: { readonly total: number; readonly attempt: number }
  /**
   * The credential that the client itself is to send (a whole header value for clients without a notion of one:
   * `authorization: <credential>`). `undefined`: none, or any dummy where the client insists.
   */
  readonly credential: string | undefined
}

export interface GetOptions {
  readonly signal?: AbortSignal
  /** Per-call options, to be given to the client's own call as `fetchstack`. Only for clients whose `perCall` is `call`. */
  readonly fetchstack?: object
}

export interface PostOptions {
  readonly signal?: AbortSignal
  /** To be sent as the header `idempotency-key`. */
  readonly idempotencyKey?: string
}

/**
 * What is done with a client, in terms of its own API. Each resolves with what the caller gets of the answer, and rejects with
 * what the client reports: its error, or, where it returns one, the object that it returns (`throw result`).
 */
export interface Operations {
  /** Sends the request of `exchanges.get`. */
  readonly get: (options?: GetOptions) => Promise<unknown>
  /** Sends the request of `exchanges.post`, `text` somewhere in its body. */
  readonly post: (text: string, options?: PostOptions) => Promise<unknown>
  /** Sends the request of `exchanges.stream`, and yields what arrives as it arrives. Leave it out where there is none. */
  readonly stream?: () => AsyncIterable<unknown>
}

/** One request of a client, and what the server has for it. */
export interface Exchange {
  /** As `faultyServer` takes it: `GET /videos`. */
  readonly route: string
  /** What the server answers, as JSON. */
  readonly answer: object
  /** What the operation resolves with then. Compared deeply, by `assert.deepEqual`. Default: `answer`. */
  readonly result?: unknown
  /** The body of a 503, as JSON, or as a text of its own, where the client reads the error from it. Default: text. */
  readonly unavailable?: object | string
}

export interface PostExchange extends Exchange {
  /** How the text stands in the body. Default: as it is. */
  readonly encode?: (text: string) => string
}

export interface StreamExchange {
  readonly route: string
  /** Default `text/event-stream`. */
  readonly contentType?: string
  /** The whole body; it is sent in about eight pieces. */
  readonly body: string
  /** What `stream` yields. Default: strings that make up `body`. */
  readonly items?: readonly unknown[]
}

/** How a give-up reaches the caller. */
export interface Failure {
  /** For the documents: `FetchError`. */
  readonly name: string
  readonly is: (error: unknown) => boolean
  /** Where the trail is found when `explain(error)` finds nothing; `how` is for the documents: "`explain(error.meta?.response)`". */
  readonly trail?: { readonly how: string; readonly of: (error: unknown) => unknown }
}

/** A row of the table. */
export interface ClientEntry {
  /** The row, the argument of the command, and the file: `src/clients/<name>.ts` with `src/snippets/<name>.ts`. */
  readonly name: string
  /** The npm package whose version is shown. */
  readonly package: string
  /** One sentence for the documents: how it is plugged in. */
  readonly how: string
  /** Default: see `exchanges.ts`. */
  readonly exchanges?: {
    readonly get?: Exchange
    readonly post?: PostExchange
    readonly stream?: StreamExchange
  }
  /** Makes the client by the function of `src/snippets/<name>.ts`, which is printed in the documents as it stands. */
  readonly make: (setting: Setting) => Operations
  /** How the client's own retry is kept out. */
  readonly ownRetry: {
    /** For the documents: "`retry: 0`", or "has none". */
    readonly off: string
    /** The client as its makers deliver it, with its own retry on. Leave it out where it has none by default. */
    readonly leftOn?: (setting: Setting) => Operations
    /** What the warning of the stack says then. Leave it out where nothing tells a resend of the client from a new call. */
    readonly warning?: RegExp
  }
  /** What `get` rejects with when the server keeps answering 503, and when no connection stands. */
  readonly errors: { readonly status: Failure; readonly network: Failure }
  /** How per-call options reach the stack: through the client's own call, or by `withOptions`. */
  readonly perCall: 'call' | 'withOptions'
  /** The header of the client's credential. Default `authorization`, with the value that `credential` gives. */
  readonly credential?: {
    readonly header?: string
    /** What the server sees when the client is given `credential`. Default: as it is. */
    readonly sent?: (credential: string) => string
  }
  /** What the client can't do, and why. The check runs all the same: when it passes, the reason is out of date. */
  readonly cannot?: Partial<Record<CheckName, string>>
}
