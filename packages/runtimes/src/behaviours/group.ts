import type { Middleware, StackInit } from '@fetchstack/handler-stack'
import type { CaseContext, RuntimeName } from '../contract.ts'
import type { Form } from './forms.ts'
import type { WatchedSignal } from './watch-signal.ts'

/** A call that is under way. */
export interface Running {
  readonly context: CaseContext
  readonly signal: WatchedSignal
  /** Aborts the call, or does what else the group is about. */
  readonly abort: (reason?: unknown) => void
}

/** A row of the table: one thing that goes wrong, crossed with the forms that it can happen to. */
export interface Group {
  readonly name: string
  /** What happens, in words. */
  readonly about: string
  readonly forms: readonly Form[]
  /** What the server does, one step per request. */
  readonly script?: string
  /** Where it is sent, when it is not to the script. */
  readonly url?: (context: CaseContext) => string | Promise<string>
  /** What is sent besides the form. */
  readonly init?: StackInit
  /** What is sent in place of what the form makes. */
  readonly make?: (url: string, form: Form) => readonly [input: string | Request, init: StackInit]
  /** Milliseconds. Default: 10,000, which is for machines that are busy. */
  readonly attemptTimeout?: number
  /** Milliseconds. Default: 12,000. */
  readonly totalTimeout?: number
  /** Milliseconds between two attempts. Default 10. */
  readonly wait?: number
  /** Default 3. */
  readonly maxAttempts?: number
  /** Whether the stack has a bearer token for the origin of the server. Default `true`. */
  readonly bearer?: boolean
  /** The innermost middleware but for the one that takes notes. */
  readonly inner?: (context: CaseContext) => Middleware
  /** Done before the call. */
  readonly before?: (running: Running) => void
  /** Done once the call is under way; what it gives is waited for at the end. */
  readonly meanwhile?: (running: Running) => Promise<void>
  /** Done when the headers are there, before the body is read. */
  readonly beforeBody?: (running: Running) => Promise<void>
  /** It goes to the HTTP/2 server: what was seen is asked there. */
  readonly overStreams?: boolean
  /** What a machine may not have. */
  readonly needs?: 'stalledUrl'
  readonly timeLimit?: number
  readonly inapplicable?: (runtime: RuntimeName) => string | undefined
}
