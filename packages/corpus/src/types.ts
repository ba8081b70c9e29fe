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
