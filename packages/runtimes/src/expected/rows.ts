/** What is expected of a row on every runtime; `deviations.ts` has what differs. */
export interface Row {
  /**
   * The name of an outcome: of the corpus, or `answered` (no failure), `overloaded`, `throttled`, `unclear-once`.
   * Default: that of the corpus's situation of the same name.
   */
  readonly outcome?: string
  /** Other outcomes that are right as well: which of them it is, is up to the machine or to chance. */
  readonly or?: readonly string[]
  /** How many attempts fail. Default: all. */
  readonly faults?: number
  /** How many requests an attempt that fails makes at the server. Default 0. */
  readonly perFault?: number
  /** Whether they are made in time is up to chance: one less is right as well. */
  readonly perFaultVaries?: true
  /** How many requests the attempt that succeeds makes. Default 1. */
  readonly perSuccess?: number
  /** Default 3. */
  readonly maxAttempts?: number
  /** What the call is about is in the body: the attempt itself is a success. */
  readonly body?: true
  /** What ends the wait that would come after the first attempt. */
  readonly cut?: 'aborted' | 'deadline-before-delay'
  /** Why an abort ends the call. Default `aborted`. */
  readonly reason?: 'total-timeout'
  /** Requests are not all what was asked for: redirects change them. */
  readonly redirects?: true
  /** A stream is made anew each time. */
  readonly repeats?: true
  /** Nothing is handed to fetch. */
  readonly unsent?: true
}

/** By name of the group. */
export const rows: Readonly<Record<string, Row>> = {
  ok: { outcome: 'answered' },
  'status-503': { outcome: 'overloaded', faults: 2, perFault: 1 },
  'status-429': { outcome: 'throttled', faults: 1, perFault: 1 },
  refused: {},
  'refused-by-name': {},
  'refused-then-back': { outcome: 'unsent', faults: 1 },
  // A resolver that is not there says "try again".
  'dns-not-found': { or: ['unsent'] },
  // Where the reset strikes is up to chance: in connect, write or read.
  'reset-on-accept': { outcome: 'unclear', or: ['unsent'] },
  'no-answer-to-connect': { outcome: 'late' },
  'connect-timeout': { maxAttempts: 1 },
  'reset-before-headers': { faults: 1, perFault: 1 },
  'close-before-headers': { faults: 1, perFault: 1 },
  garbage: { faults: 1, perFault: 1 },
  'header-overflow': { faults: 1, perFault: 1 },
  'headers-of-64-kib': { outcome: 'answered' },
  'stalled-headers': { outcome: 'late', faults: 1, perFault: 1 },
  'attempt-timeout': { faults: 2, perFault: 1 },
  'body-reset': { body: true },
  'body-truncated': { body: true },
  'stalled-body': { outcome: 'late', body: true },
  'attempt-timeout-in-body': { body: true },
  'source-fails': { outcome: 'unclear' },
  'factory-stream': { outcome: 'overloaded', faults: 1, perFault: 1, repeats: true },
  'tls-self-signed': {},
  'tls-to-plain': {},
  'plain-to-tls': {},
  'tls-reset': { outcome: 'unclear', or: ['unsent'] },
  'h2-ok': { outcome: 'answered' },
  'h2-refused-stream': { faults: 1, perFault: 1 },
  'h2-internal-error': { faults: 1, perFault: 1 },
  'h2-goaway': { faults: 1, perFault: 1 },
  'redirect-307': { outcome: 'answered', perSuccess: 2 },
  'redirect-stream': { perFault: 1, redirects: true },
  'redirect-loop': { perFault: 21, redirects: true },
  'redirect-error': { perFault: 1, redirects: true },
  'redirect-bad-url': { perFault: 1, redirects: true },
  'redirect-bad-port': { outcome: 'mistake', perFault: 1, redirects: true },
  'redirect-scheme': { outcome: 'mistake', perFault: 1, redirects: true },
  'redirect-to-refused': { outcome: 'unclear', perFault: 1, redirects: true },
  'redirect-to-no-host': { outcome: 'unclear-once', or: ['unclear'], perFault: 1, redirects: true },
  'bad-port': {},
  'unknown-scheme': {},
  'invalid-url': {},
  'url-with-credentials': {},
  'invalid-header': {},
  // The stack needs the origin of what it calls, and refuses it before fetch does.
  'relative-url': { unsent: true },
  'invalid-method': {},
  'forbidden-method': {},
  'get-with-body': {},
  'body-used': {},
  // The stack says duplex itself where it changes the request.
  'stream-without-duplex': { outcome: 'answered' },
  'abort-before': { unsent: true },
  abort: { perFault: 1 },
  'abort-with-reason': { perFault: 1 },
  'abort-in-body': { body: true },
  'abort-in-wait': { outcome: 'overloaded', perFault: 1, cut: 'aborted' },
  'call-timeout': { outcome: 'aborted', perFault: 1, reason: 'total-timeout' },
  'call-timeout-in-wait': { outcome: 'overloaded', perFault: 1, cut: 'deadline-before-delay' },
  'call-timeout-in-body': { outcome: 'late', body: true },
}
