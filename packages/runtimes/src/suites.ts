/** A suite as the driver knows it. */
export interface SuiteEntry {
  readonly name: string
  /** What the suite shows, in a few words. */
  readonly title: string
  /** The module that is bundled and run in each runtime, relative to this folder. Exports `suite`. */
  readonly entry: string
  /** The module that stays in the driver, relative to this folder. Exports `check`. */
  readonly check: string
}

/** All suites, in the order in which they run and stand in the table. */
export const SUITES: readonly SuiteEntry[] = [
  { name: 'smoke', title: 'the harness itself', entry: 'smoke/suite.ts', check: 'smoke/check.ts' },
  {
    name: 'behaviours',
    title: 'what goes wrong, crossed with what is sent',
    entry: 'behaviours/suite.ts',
    check: 'behaviours/check.ts',
  },
  {
    name: 'conformance',
    title: 'the rules that every first-party middleware keeps',
    entry: 'conformance/suite.ts',
    check: 'conformance/check.ts',
  },
  {
    name: 'fidelity',
    title: 'a stack without middleware is the fetch it wraps',
    entry: 'fidelity/suite.ts',
    check: 'fidelity/check.ts',
  },
]
