/** The runtimes whose errors were recorded. */
export type RuntimeName = 'node-22' | 'node-24' | 'node-26' | 'bun' | 'deno' | 'workerd' | 'chromium'

/**
 * An error as plain data: what a program can see of it, and nothing of the machine that it was recorded on (ports, paths and
 * identifiers are replaced by `<port>`, `<path>`, `<id>`; stacks are left out).
 */
export interface ErrorShape {
  /** `error.name`. */
  readonly name: string
  readonly message: string
  /** The platform classes that it is an instance of, most special first: `TypeError`, `DOMException`, `Error`... */
  readonly classes: readonly string[]
  /** Own and inherited data fields that classifiers look at: `code`, `syscall`, `errno`, `http2ErrorCode`... */
  readonly fields?: Readonly<Record<string, string | number | boolean>>
  readonly cause?: ErrorShape
  /** Of an `AggregateError`. */
  readonly errors?: readonly ErrorShape[]
  /** The thrown value is the very object that the signal was aborted with. */
  readonly isSignalReason?: boolean
}

/** What one runtime threw in one situation. */
export type Recorded =
  | {
      /** What a GET threw, or the only kind of request that the situation is about. */
      readonly error: ErrorShape
      /** What a POST with a text as body threw, where that is another shape. */
      readonly post?: ErrorShape
    }
  | {
      /** Why there is no error: the runtime does not throw here, or can't be brought there. One plain sentence. */
      readonly absent: string
    }

/** A file `errors/<runtime>.json`: written by the recorder, never by hand. */
export interface RecordedErrors {
  readonly $schema?: string
  readonly runtime: RuntimeName
  /** As the runtime gives it: `26.10.0`. */
  readonly version: string
  /** By the name of the situation, all of which are in `data/errors.json`; sorted by name. */
  readonly situations: Readonly<Record<string, Recorded>>
}

/** Where an expectation comes from. */
export interface Reference {
  /** `RFC 9110`, `Shopify: response codes`. */
  readonly title: string
  /** `§15.6.4`. */
  readonly section?: string
  readonly url?: string
}

/** What is known of the request. */
export interface CorpusRequest {
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: 'none' | 'text' | 'stream'
  /** Whether the body can be sent again: `free` and `clone` can, `never` can't. */
  readonly replay: 'free' | 'clone' | 'never'
  /** The caller's own signal is aborted. Default `false`. */
  readonly aborted?: boolean
}

/** A response, of which a classifier reads the status and the headers. */
export interface CorpusResponse {
  /** 0 for a response that hides it. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** An error, and who threw it when. */
export interface CorpusThrown {
  /** One of {@link RuntimeName} where the shape was recorded; another name, such as `safari`, where it was reported. */
  readonly runtime: string
  readonly version: string
  /** The name of the situation: `refused`, `tls-self-signed`. */
  readonly situation: string
  /** What threw: the call itself, or the reading of the body. */
  readonly phase: 'call' | 'body'
  readonly shape: ErrorShape
}

/** What an outcome means. */
export interface ExpectedVerdict {
  readonly category: string
  readonly fault: 'caller' | 'server' | 'intermediary' | 'network' | 'none'
  readonly durability: 'transient' | 'permanent' | 'unknown'
  /** Whether the server acted on the request. `no` only where a specification or the vendor says so. */
  readonly processed: 'no' | 'maybe' | 'yes'
  readonly retry: 'never' | 'idempotent' | 'any' | 'hint' | 'modify'
  /** The server's own word on a resend. */
  readonly directive?: 'go' | 'stop'
  /** At most this many resends. Default: as many as the policy allows. */
  readonly maxRetries?: number
}

/** How long the server wants to be left alone. */
export interface ExpectedHint {
  /** Whole milliseconds; `null` when nothing usable is said. */
  readonly delay: number | null
  /** The header that says so, in lower case. */
  readonly source: string | null
}

/** What to do after the first attempt, under the policy that the corpus names. */
export interface ExpectedDecision {
  readonly action: 'accept' | 'retry' | 'give-up'
  readonly reason: string
  /** The wait is random between these, both included. Whole milliseconds. With the action `retry` only. */
  readonly delay?: { readonly min: number; readonly max: number }
  /** When the server is ready again, in milliseconds since the epoch; where it named a time. */
  readonly retryAt?: number
}

/** One request, what came of it, and what to make of that. */
export interface CorpusRow {
  /** Unique, and the same in every version: `status/503/get`, `error/bun/refused/post`. */
  readonly id: string
  /** One plain sentence, or the name of the status. */
  readonly about: string
  readonly request: CorpusRequest
  readonly outcome: { readonly response: CorpusResponse } | { readonly error: CorpusThrown }
  /** The current time, in milliseconds since the epoch. */
  readonly now: number
  /** What one has to be able to read, beside the status and the common headers, to expect the same. Default: nothing. */
  readonly reads?: readonly ('proxy-status' | 'ratelimit')[]
  /** What the numbers in reset headers are taken for. Default `auto`. */
  readonly dialect?: 'auto' | 'seconds' | 'milliseconds' | 'epoch'
  readonly expected: {
    readonly verdict: ExpectedVerdict
    /** Of responses that have something to say on it. Default: nothing is said. */
    readonly hint?: ExpectedHint
    readonly decision: ExpectedDecision
  }
  readonly reference: Reference
}

/** The policy that the decisions are made by, as plain data. Times in milliseconds. */
export interface CorpusPolicy {
  /** Which attempt has ended, counted from 1. */
  readonly attempt: number
  readonly maxAttempts: number
  readonly initialDelay: number
  /** Instead of `initialDelay`, after a throttled outcome. */
  readonly throttledInitialDelay: number
  /** The wait is drawn evenly from 0 to the initial delay (full jitter), and is never shorter than the server's. */
  readonly jitter: 'full'
  readonly idempotentMethods: readonly string[]
  /** Longer waits of a server's are a reason to give up. */
  readonly maxServerDelay: number
  /** This share of a server's wait is added at most, and no more than `maxSpread`. */
  readonly spread: number
  readonly maxSpread: number
  /** Resends at once of what never reached the server. */
  readonly transparentRetries: number
}

/** All rows. */
export interface Corpus {
  readonly $schema?: string
  /** The format of the rows. It changes when a reader of the old one would fail. */
  readonly format: 1
  /** The version of the contents, see the README. */
  readonly version: string
  readonly policy: CorpusPolicy
  readonly rows: readonly CorpusRow[]
}

/** A response and what is expected for several kinds of request: `data/statuses.json`, `hints.json`, `evidence.json`. */
export interface CorpusCases {
  readonly $schema?: string
  readonly cases: readonly {
    readonly id: string
    readonly about: string
    readonly response: CorpusResponse
    readonly reads?: CorpusRow['reads']
    readonly dialect?: CorpusRow['dialect']
    readonly verdict: ExpectedVerdict
    readonly hint?: ExpectedHint
    /** By the kind of request, see `data/requests.json`. */
    readonly decisions: Readonly<Record<string, ExpectedDecision>>
    readonly reference: Reference
  }[]
}

/** What is expected of errors, apart from what was recorded: `data/errors.json`. */
export interface CorpusSituations {
  readonly $schema?: string
  /** What may be expected, by name. */
  readonly outcomes: Readonly<
    Record<
      string,
      {
        readonly about: string
        readonly verdict: ExpectedVerdict
        readonly decisions: Readonly<Record<string, ExpectedDecision>>
      }
    >
  >
  readonly situations: Readonly<
    Record<
      string,
      {
        readonly about: string
        /** What throws: the call itself, or the reading of the body. */
        readonly phase: 'call' | 'body'
        readonly aborted?: boolean
        /** The kinds of request that can get there. Default: `get` and `post`. */
        readonly methods?: readonly string[]
        /** The name of an outcome, for a runtime that tells what happened. */
        readonly outcome: string
        /** For a runtime that does not tell, and why. */
        readonly runtimes?: Readonly<Record<string, { readonly outcome: string; readonly why: string }>>
        readonly reference: Reference
      }
    >
  >
}

/** Shapes that were reported and not recorded: `data/reported.json`. */
export interface ReportedErrors {
  readonly $schema?: string
  readonly errors: readonly {
    /** The part of the row's id after `reported/`. */
    readonly id: string
    readonly about: string
    readonly runtime: string
    readonly version: string
    readonly situation: string
    readonly shape: ErrorShape
    /** The name of an outcome in `data/errors.json`. */
    readonly outcome: string
    readonly reference: Reference
  }[]
}

/** The files of the corpus, by kind. */
export interface CorpusFiles {
  readonly corpus: Corpus
  readonly recorded: RecordedErrors
  readonly cases: CorpusCases
  readonly situations: CorpusSituations
  readonly reported: ReportedErrors
  readonly requests: CorpusRequests
}

/** The kinds of request, the time and the policy that all rows share: `data/requests.json`. */
export interface CorpusRequests {
  readonly $schema?: string
  readonly version: string
  readonly now: number
  readonly policy: CorpusPolicy
  readonly requests: Readonly<Record<string, CorpusRequest>>
}
