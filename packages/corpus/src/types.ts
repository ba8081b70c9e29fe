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
