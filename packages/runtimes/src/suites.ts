import type { SuiteCheck } from './contract.ts'

/** A suite as the driver knows it. */
export interface SuiteEntry {
  readonly name: string
  /** What the suite shows, in a few words. */
  readonly title: string
  /** The module that is bundled and run in each runtime, relative to this folder. Exports `suite`. */
  readonly entry: string
  /** Loads the half that stays in the driver. */
  readonly check: () => Promise<{ readonly check: SuiteCheck }>
}

/** All suites, in the order in which they run. */
export const SUITES: readonly SuiteEntry[] = [
  {
    name: 'smoke',
    title: 'the harness itself',
    entry: 'smoke/suite.ts',
    check: () => import('./smoke/check.ts'),
  },
]
