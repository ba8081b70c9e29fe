import type { Stage } from './stage.ts'
import type { Declares, RuleName } from './types.ts'

/** What is declared, without gaps where a default says it all. */
export type Declared = Declares & Required<Pick<Declares, 'changesRequest' | 'changesResponse' | 'secrets' | 'refuses'>>

/** A part of a rule that can be broken by itself. */
export interface Check {
  readonly name: string
  readonly run: (stage: Stage) => Promise<void>
}

/** A rule that every middleware keeps. */
export interface Rule {
  readonly name: RuleName
  /** What it asks for, as a sentence. */
  readonly asks: string
}

/** A rule, and how it is checked. */
export interface RuleChecks extends Rule {
  /** The checks that are meant for a middleware that declares this. `fresh`: whether a new one can be made each time. */
  checks(declared: Declared, fresh: boolean): readonly Check[]
}
