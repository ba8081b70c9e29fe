/** What kind of outcome it was, coarse enough to switch on. */
export type Category =
  | 'success'
  | 'redirect'
  | 'client-error'
  | 'auth'
  | 'conflict'
  | 'throttled'
  | 'overloaded'
  | 'server-error'
  | 'gateway'
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'config'
  | 'unknown'

/** Who has to act for the outcome to change. */
export type Fault = 'caller' | 'server' | 'intermediary' | 'network' | 'none'

/** Whether the same request may succeed later without anybody changing anything. */
export type Durability = 'transient' | 'permanent' | 'unknown'

/**
 * Whether the server acted on the request: the pivot of safety for a resend.
 * `'no'` only where a specification or the vendor says so; in doubt it is `'maybe'`.
 */
export type Processed = 'no' | 'maybe' | 'yes'

/**
 * What may be resent.
 * - `never`: nothing, the same request gets the same answer.
 * - `idempotent`: an idempotent method, or any with an Idempotency-Key.
 * - `any`: any method, because the request was not processed.
 * - `hint`: only when the server says so (Retry-After or a verdict header).
 * - `modify`: only after a change to the request: credentials, URL, body, headers.
 */
export type RetryGuidance = 'never' | 'idempotent' | 'any' | 'hint' | 'modify'

/** One reason for a verdict, with the source of the rule. */
export interface Evidence {
  /** Which reader found it: `status`, `error`, `abort`, `x-should-retry`, `proxy-status`... */
  readonly source: string
  /** What was found, without secrets: `503`, `ECONNREFUSED (connect)`, `error=connection_refused`. */
  readonly detail: string
  /** Where the rule comes from: `RFC 9110 §15.6.4`, a vendor document. */
  readonly ref?: string
}

/** What an outcome means. It never says what to do: that is the decision's part. */
export interface Verdict {
  readonly category: Category
  readonly fault: Fault
  readonly durability: Durability
  readonly processed: Processed
  readonly retry: RetryGuidance
  /** An explicit word of the server's: `go` says to retry, `stop` says not to. */
  readonly directive?: 'go' | 'stop'
  /** At most this many resends for this kind of failure, where more are known to be useless (421, 525, ENOTFOUND). */
  readonly maxRetries?: number
  /** The status code, when there was a response. */
  readonly status?: number
  /** The error's code, where the runtime gives one: `ECONNREFUSED`. */
  readonly code?: string
  /** What the verdict rests on, strongest first. */
  readonly evidence: readonly Evidence[]
}

/** The part of a `Response` that is looked at. The body is never touched. */
export interface ResponseLike {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** `opaque` and `opaqueredirect` hide the status. */
  readonly type?: string
}

/** How a call ended: with a response, or with whatever was thrown. */
export type Outcome = { readonly response: ResponseLike } | { readonly error: unknown }

/** The part of a request that is looked at. */
export interface RequestLike {
  readonly method: string
  readonly url?: string
  readonly signal?: { readonly aborted: boolean; readonly reason?: unknown } | null | undefined
}

/** What one reader found. Fields that are set override those of weaker readers and of the status row. */
export interface Finding extends Partial<Omit<Verdict, 'evidence' | 'status' | 'code'>> {
  readonly evidence: Evidence
}

/**
 * Looks for one kind of evidence. Pure: no clock, no I/O; must not throw on any header value.
 * Returns `undefined` when it has nothing to say.
 */
export type EvidenceReader = (outcome: Outcome, request: RequestLike) => Finding | undefined

/** Options of `classify`. */
export interface ClassifyOptions {
  /** Readers, strongest first. Default: `defaultReaders`. A caller's abort always comes before them. */
  readonly readers?: readonly EvidenceReader[]
  /** Readers of one's own that come before `readers`. Default: none. */
  readonly rules?: readonly EvidenceReader[]
}

/** All that is known of a status code. */
export interface StatusDescription
  extends Pick<Verdict, 'category' | 'fault' | 'durability' | 'processed' | 'retry' | 'maxRetries'> {
  readonly status: number
  /** The name, as in RFC 9110 where it names the code: `Content Too Large`. */
  readonly name: string
  /** Whether it is in the HTTP status code registry of IANA. */
  readonly registered: boolean
  /** Where the meaning comes from: `RFC 9110 §15.6.4`, a vendor. */
  readonly source: string
  /** One plain sentence for a person: what it means, and what to do. */
  readonly sentence: string
}
