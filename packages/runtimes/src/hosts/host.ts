import type { Bundles, Program } from '../bundle/bundle.ts'
import type { CaseResult, RuntimeName } from '../contract.ts'
import type { Control } from '../server/control.ts'

/** A suite, ready to run. */
export interface Task {
  readonly bundles: Bundles
  /** The same program in the driver: its case ids and limits. */
  readonly program: Program
  /** Which cases, in this order. */
  readonly ids: readonly string[]
  readonly control: Control
  readonly stalledUrl: string | undefined
  /** Milliseconds, for cases that have no limit of their own. */
  readonly timeLimit: number
  /** Milliseconds over a case's own limit, for the way there and back; then the runtime is taken for dead. */
  readonly grace: number
  /** Takes each result as it comes, and how long it took. Called once for each id, whatever happens. */
  readonly report: (result: CaseResult, milliseconds: number) => void
}

/** A runtime that is set up. */
export interface Host {
  readonly runtime: RuntimeName
  /** As it tells it itself: `v22.23.3`. */
  readonly version: string
  /** Runs cases. Rejects only when the host itself fails; what is not reported then has failed. */
  run(task: Task): Promise<void>
  /** Ends all that was started. Safe to call twice. */
  close(): Promise<void>
}
