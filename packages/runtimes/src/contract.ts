import type { TestServer } from '@fetchstack/testing/conformance'

/** What runs inside a runtime: one case, told by plain data what came of it. */
export interface Case {
  /** Unique; stable, because tables and records are keyed by it: `refused/post-string`. */
  readonly id: string
  /** The row of the table it belongs to: `refused`. */
  readonly group: string
  /** Runs it. What it throws is a failure of the case, not an observation. JSON only; keys in a fixed order. */
  readonly run: (context: CaseContext) => Promise<Observation>
}

/** What a case can use. */
export interface CaseContext {
  /** In another process, always: the case may not start servers. */
  readonly server: TestServer
  /** The same server over TLS with a self-signed certificate. */
  readonly tlsUrl: string
  /** Which runtime this is. */
  readonly runtime: string
}

/** What came of a case: plain JSON. The driver compares it with what is expected of that runtime. */
export type Observation = Readonly<Record<string, unknown>>

/** A list of cases, bundled from the packed tarballs and run whole in every runtime. */
export interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}

/** What a runtime sends back for one case. */
export interface CaseResult {
  readonly id: string
  readonly observation?: Observation
  /** The message and stack of what the case threw. */
  readonly failure?: string
}
