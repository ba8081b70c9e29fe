import type { AnyMiddleware } from '@fetchstack/handler-stack'
import type { TestServer } from './server.ts'

/** What a call can be made with. */
export type InputKind =
  | 'string'
  | 'URL'
  | 'Request'
  | 'Request with a body'
  | 'text'
  | 'bytes'
  | 'Blob'
  | 'FormData'
  | 'URLSearchParams'
  | 'stream'
  | 'body factory'

/** How a middleware is brought to wait on its own, so that the wait can be aborted. */
export interface Waits {
  /** The answer that makes it wait, as a step of a script: `503;retry-after=60`. Default: none, it waits before it sends. */
  readonly after?: string
  /** One that waits, when the subject itself does not. Default: the subject. */
  readonly middleware?: AnyMiddleware | (() => AnyMiddleware)
}

/** What a middleware says of itself, so that it is held to the rules that are meant for it. Default: it changes nothing. */
export interface Declares {
  /**
   * What it changes in requests: the names of headers that it sets or removes, or `true` for anything.
   * Default `false`: the signal at the most.
   */
  readonly changesRequest?: boolean | readonly string[]
  /**
   * Whether the caller gets something else than the very response that came: `true`, or the statuses that it changes or rejects.
   * The kit looks at 200, 204 and 404. Default `false`.
   */
  readonly changesResponse?: boolean | readonly number[]
  /** An answer upon which it sends again, as a step of a script: `503`, `429;retry-after=0`, `reset`. Default: it never does. */
  readonly resends?: string
  /** Whether it may answer without `next`, as a mock or a cache does. Default `false`. */
  readonly answersItself?: boolean
  /** How it is brought to wait on its own. Default: it never does. */
  readonly waits?: Waits
  /** The credentials that it was given, as they are sent. The kit looks for them where they must not be. Default: none. */
  readonly secrets?: readonly string[]
  /** What it has written so far: the lines of its log, its metrics. Credentials must not be in there. Default: the console alone is read. */
  readonly wrote?: () => unknown
  /** What it rejects on purpose: kinds of input, and answers that lead elsewhere. Default: nothing. */
  readonly refuses?: readonly (InputKind | 'redirect')[]
}

/** Options of `conformance`. */
export interface ConformanceOptions {
  /** What the errors call it. Default: the name that it declares, or that of its function. */
  readonly name?: string
  readonly declares?: Declares
  /** A server of yours, or what starts one; whoever starts it closes it. Default: a `localServer` for each case. */
  readonly server?: TestServer | (() => TestServer | Promise<TestServer>)
  /** How long a case waits for what should come at once, in milliseconds. Default 2,000. */
  readonly patience?: number
}

/** The rules, by name. `rules()` says what each one asks for. */
export type RuleName =
  | 'abort'
  | 'concurrent'
  | 'inputs'
  | 'isolated'
  | 'listeners'
  | 'metadata'
  | 'origins'
  | 'passes-on'
  | 're-entrant'
  | 'releases'
  | 'resends-whole'
  | 'same-response'
  | 'secrets'
  | 'state'
  | 'sync-throw'
  | 'timers'
  | 'unchanged'
  | 'untouched'

/** One test case. */
export interface ConformanceCase {
  /** Unique within a run: `abort: during headers`. */
  readonly name: string
  readonly rule: RuleName
  /** Rejects with a `ConformanceError` when the rule is broken. */
  readonly run: () => Promise<void>
}
