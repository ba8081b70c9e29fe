import type { SeenRequest, ServerCondition, ServerView, TestServer } from '@fetchstack/testing/conformance'

// Types only: this file is read by the suites, which run inside a runtime, and by the driver, which does not.

/** The runtimes of the matrix. */
export type RuntimeName = 'node-22' | 'node-24' | 'node-26' | 'bun' | 'deno' | 'workerd' | 'chromium'

/** What came of a case: plain JSON, keys in a fixed order. The driver compares it with what is expected of that runtime. */
export type Observation = Readonly<Record<string, unknown>>

/** What runs inside a runtime: one case, told by plain data what came of it. */
export interface Case {
  /** Unique; stable, because tables and records are keyed by it: `refused/post-string`. */
  readonly id: string
  /** The row of the table it belongs to: `refused`. */
  readonly group: string
  /** Milliseconds after which the case has failed. Default 15,000. */
  readonly timeLimit?: number
  /** Why this runtime can't run the case at all (it has no HTTP/2, say): a cell "n.a.". `undefined`: it can. */
  readonly inapplicable?: (runtime: RuntimeName) => string | undefined
  /** Runs it. What it throws is a failure of the case, not an observation. */
  readonly run: (context: CaseContext) => Promise<Observation>
}

/** A list of cases, bundled from the packed tarballs and run whole in every runtime. Each entry module exports one as `suite`. */
export interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}

/**
 * What a case can use. Every case has servers of its own, on new ports: no connection, no count and no script is left of the
 * case before, and a runtime's pool can't hand out a connection of it.
 *
 * In Chromium the case runs in a page of the origin `server.url`, so requests there are same-origin. `server.otherUrl`,
 * `server.refusedUrl`, `tlsUrl` and `stalledUrl` are other origins: the CORS rules of a real page hold (an answer can opt in by
 * script: `200;access-control-allow-origin=*`).
 */
export interface CaseContext {
  /** In another process, always: the case may not start servers. */
  readonly server: CaseServer
  /** A server over TLS with a self-signed certificate. What it saw is not part of `server.look()`. */
  readonly tlsUrl: string
  /** A port whose queue is full: a connection to it is neither accepted nor refused. `undefined` where it can't be made. */
  readonly stalledUrl: string | undefined
  /**
   * A server that speaks HTTP/2 with a certificate that the runtime trusts; to a runtime that does not speak it, HTTP/1.1.
   * `undefined` in workerd, which trusts no certificate of ours.
   */
  readonly streams: CaseStreams | undefined
  /** Which runtime this is. */
  readonly runtime: RuntimeName
}

/** An HTTP/2 server in the driver's process. It answers pages of other origins (CORS). */
export interface CaseStreams {
  /**
   * The URL of a script of its own: steps with commas between them, the last one again for all that follow. A step is `refused`,
   * `internal` or `cancel` (RST_STREAM with that code), `goaway` (GOAWAY below this stream), or a status, whose body is the
   * protocol: `HTTP/2.0`. To HTTP/1.1 every step but a status is a 200.
   */
  script(steps: string): string
  /** The requests so far. What was sent to get there (a preflight of a page) counts. */
  look(): Promise<readonly SeenStream[]>
}

/** A request as the HTTP/2 server saw it. */
export interface SeenStream {
  readonly method: string
  readonly path: string
  /** `HTTP/2.0` or `HTTP/1.1`. */
  readonly protocol: string
  /** What was done to it. */
  readonly step: string
  readonly bodyBytes: number
}

/** A request, and a digest for bodies that are too large to look at. */
export interface SeenBody extends SeenRequest {
  /** SHA-256 of the body as far as it was kept, in hexadecimal digits. `text` has only the first 65,536 characters. */
  readonly sha256: string
}

/** What the servers of a case saw so far, on `url` and `otherUrl`, in the order of arrival. */
export interface CaseView extends ServerView {
  readonly requests: readonly SeenBody[]
}

/** A {@link TestServer} in the driver's process. Talking to it opens no connection to the servers themselves. */
export interface CaseServer extends TestServer {
  look(): Promise<CaseView>
  until(condition: ServerCondition, timeout?: number): Promise<CaseView>
  /** Refuses connections to `url` from now on, and closes those that are open: with a closed port, or by a reset after the accept. */
  refuse(how?: 'closed' | 'reset'): Promise<void>
  /** Accepts connections again, on the same port. */
  accept(): Promise<void>
}

/** What a runtime sends back for one case: exactly one of the three besides `id`. */
export interface CaseResult {
  readonly id: string
  readonly observation?: Observation
  /** The message and stack of what the case threw, or how the runtime died in it. */
  readonly failure?: string
  /** Why the runtime can't run the case. */
  readonly inapplicable?: string
}

/** Gives the result of another case or runtime of the same run; `undefined` when it has none (yet). */
export type ResultOf = (id: string, runtime: RuntimeName) => CaseResult | undefined

/** All results of a run, by runtime. Runtimes that were skipped are missing. */
export type SuiteResults = ReadonlyMap<RuntimeName, readonly CaseResult[]>

/**
 * The half of a suite that stays in the driver (Node 26, sources): what is expected, and what is recorded. Each check module exports
 * one as `check`. Called for observations only; a failure is a failure without asking.
 */
export interface SuiteCheck {
  /**
   * The text of the problem (`difference()` of `src/difference.ts` makes one of two values), or `undefined` when the
   * observation is the expected one.
   */
  readonly check: (result: CaseResult, runtime: RuntimeName, all: ResultOf) => string | undefined
  /** What is wrong with the results as a whole: an expectation for a case that is gone, say. Only after a full run of the suite. */
  readonly checkAll?: (results: SuiteResults) => readonly string[]
  /**
   * Writes down what was observed (`--record`), instead of `check`. `versions` is what the runtimes say of themselves. Returns what
   * it did, one line each.
   */
  readonly record?: (results: SuiteResults, versions: ReadonlyMap<RuntimeName, string>) => Promise<readonly string[]>
}
