import type { Fault } from './fault.ts'
import type { ReceivedRequest } from './record.ts'

/** Decides what to do with a request when its body has arrived. Its fault can't be `early`. */
export type StepFunction = (request: ReceivedRequest) => Fault | number | Promise<Fault | number>

/** What to do with one request: a fault, a status as shorthand for `faults.status`, or a function. */
export type Step = Fault | number | StepFunction

/** What to do with the requests of a route, one after the other: a step, a list of them, or a script (see `parseScript`). */
export type Steps = Step | readonly Step[] | string

/** A self-signed certificate, made when the server starts. */
export interface CertificateOptions {
  /** Host names and IPv4 addresses that it is for. Default `['localhost', '127.0.0.1']`. */
  readonly names?: readonly string[]
  /** Default: a day ago. */
  readonly validFrom?: Date
  /** Default: in a year. In the past for an expired one. */
  readonly validTo?: Date
}

/** Options of `faultyServer`. */
export interface FaultyServerOptions {
  /** Routes to start with, by pattern. Default: none. */
  readonly routes?: Readonly<Record<string, Steps>>
  /** Default 0: a free one. */
  readonly port?: number
  /** Serves HTTPS with a self-signed certificate. Default `false`. */
  readonly tls?: boolean | CertificateOptions
  /** How many bytes of each request body are kept in the records. Default 16,777,216 (16 MiB). */
  readonly keepBody?: number
}

/** Options of `until` and `idle`. */
export interface UntilOptions {
  /** Milliseconds after which it rejects. Default 2,000. */
  readonly timeout?: number
}

/** A real HTTP server on 127.0.0.1 that does what it was told to. */
export interface FaultyServer {
  /** Scheme, host and port, without a slash at the end: `http://127.0.0.1:54321`. The same as its origin. */
  readonly url: string
  /** Like `url`, but nobody listens there until the server is closed: connections are refused. */
  readonly refusedUrl: string
  /** The certificate in PEM form, for clients that are to trust it; `undefined` without `tls`. */
  readonly certificate: string | undefined
  /** All requests whose headers arrived, oldest first, also those that were aborted. */
  readonly requests: readonly ReceivedRequest[]
  /** How many connections are open now. */
  readonly openSockets: number
  /** How many connections have been accepted since the start or the last `reset()`. */
  readonly totalSockets: number
  /** How many requests are under way: received, and neither answered nor aborted. */
  readonly activeRequests: number
  /**
   * Scripts a route: one step per request, and the last one again for all that follow.
   * A pattern is a path with an optional method before it; `:name` stands for one segment, `*` at the end for any rest.
   * The first route that fits is taken. A pattern that is there already gets the new steps, from the first on.
   *
   * @throws {OptionError} The pattern, a step or the script is not valid, or there is no step.
   */
  route(pattern: string, steps: Steps): FaultyServer
  /**
   * The URL of a script of its own (see `parseScript`), whose requests need no route: one step per request, then the last one.
   * Each call gives a new one, unless an `id` is given.
   *
   * @throws {OptionError} The script is not valid.
   */
  script(script: string, id?: string): string
  /** How many requests came, of those that fit the pattern. Default: all. @throws {OptionError} The pattern is not valid. */
  count(pattern?: string): number
  /** Forgets the requests, starts all routes and scripts at their first step, and counts from 0. Connections stay open. */
  reset(): void
  /**
   * Refuses connections from now on, and closes those that are open. Resolves when they are closed.
   * `closed` (default): the port is closed, `ECONNREFUSED`. `reset`: connections are reset as soon as they are accepted.
   */
  refuse(how?: 'closed' | 'reset'): Promise<void>
  /** Accepts connections again, on the same port. */
  accept(): Promise<void>
  /**
   * Resolves when the condition holds: looked at now and each time that a connection, a request or a body changes.
   * Rejects with the state of the server after `timeout`, or when the server is closed.
   */
  until(condition: (server: FaultyServer) => boolean, options?: UntilOptions): Promise<void>
  /** Resolves when no request is under way. The same as `until((server) => server.activeRequests === 0)`. */
  idle(options?: UntilOptions): Promise<void>
  /** Ends all connections, stalled ones too, and frees the port. Resolves when all is closed; safe to call twice. */
  close(): Promise<void>
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
