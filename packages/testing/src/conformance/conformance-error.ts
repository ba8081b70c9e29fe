import type { RuleName } from './types.ts'

/** A middleware breaks a rule. The message says which one breaks what, what was seen, and what to do. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError' as const
  readonly code = 'FETCHSTACK_CONFORMANCE' as const
  readonly rule: RuleName
  /** What was tested. */
  readonly subject: string

  constructor(subject: string, rule: RuleName, problem: string, cause?: unknown) {
    super(`${subject} breaks the rule "${rule}": ${problem}`, cause === undefined ? undefined : { cause })
    this.rule = rule
    this.subject = subject
  }
}
