/** A request as a server on the other side of a process boundary can tell of it: plain data. */
export interface SeenRequest {
  /** Counted from 1, over all requests since the start or the last `reset()`. */
  readonly number: number
  readonly method: string
  /** Path and query as received. */
  readonly url: string
  /** By lower-case name; a header that came several times is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as UTF-8 text, as far as it was kept. */
  readonly text: string
  /** How many bytes of the body arrived. */
  readonly bodyBytes: number
  /** Whether the body arrived whole. */
  readonly complete: boolean
  /** Whether the client went away before the server was done. */
  readonly aborted: boolean
  /** Which connection it came on. */
  readonly socket: number
}

/** What a server saw so far. */
export interface ServerView {
  readonly openSockets: number
  readonly totalSockets: number
  readonly activeRequests: number
  readonly requests: readonly SeenRequest[]
}

/** What to wait for. All that is given must hold. */
export interface ServerCondition {
  /** At most so many connections are open. */
  readonly openSockets?: number
  /** At most so many requests are under way. */
  readonly activeRequests?: number
  /** At least so many requests came. */
  readonly requests?: number
}

/**
 * The real server behind a conformance run or a behaviour: in this process (`localServer`), or behind a control port when the
 * runtime that is tested can't open one itself (a browser, workerd). A faulty server does the work in both cases.
 */
export interface TestServer {
  /** Scheme, host and port. */
  readonly url: string
  /** Another origin of the same server: what must not get a credential that is for `url`. */
  readonly otherUrl: string
  /** Nobody listens there. */
  readonly refusedUrl: string
  /** The URL of a script of its own, as `faultyServer().script` gives it; each call gives a new one. `origin` default: `url`. */
  script(script: string, origin?: string): string
  /** What was seen since the start or the last `reset()`, on both origins. */
  look(): Promise<ServerView>
  /** Resolves with what was seen when the condition holds; rejects with the state after `timeout` ms, default 2,000. */
  until(condition: ServerCondition, timeout?: number): Promise<ServerView>
  /** Forgets requests and counts. Connections stay open. */
  reset(): Promise<void>
  close(): Promise<void>
}
