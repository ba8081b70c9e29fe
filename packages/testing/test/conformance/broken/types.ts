import type { Declares, RuleName, Subject } from '../../../src/conformance/index.ts'

/** A middleware that breaks one rule on purpose, in a way that is seen in the wild. */
export interface Broken {
  readonly subject: Subject
  readonly declares?: Declares
  /** What the error must tell. */
  readonly says: RegExp
  /** Whether some of its calls never end, so that the kit's patience with it is kept short. */
  readonly hangs?: boolean
  /** Rules that can't be kept while this one is broken. */
  readonly alsoBreaks?: readonly RuleName[]
}
