import type { CaseResult, RuntimeName, SuiteCheck, SuiteResults } from './contract.ts'

/** How a case ended on a runtime. `differs`: it ran, and what it saw is not what is expected. */
export type Status = 'ok' | 'differs' | 'failed' | 'n.a.'

/** A case on a runtime, judged. */
export interface Verdict {
  readonly suite: string
  readonly group: string
  readonly id: string
  readonly runtime: RuntimeName
  readonly status: Status
  /** What differs, why it failed, or why it can't be run there. */
  readonly text?: string
}

/** Judges all results of a suite. `check` `undefined`: what ran is right, since it is being recorded. */
export function judge(
  suite: string,
  groups: ReadonlyMap<string, string>,
  results: SuiteResults,
  check: SuiteCheck['check'] | undefined,
): Verdict[] {
  const find = (id: string, runtime: RuntimeName) => results.get(runtime)?.find((result) => result.id === id)
  return [...results].flatMap(([runtime, list]) =>
    list.map((result) => {
      const { id } = result
      return { suite, group: groups.get(id) ?? '?', id, runtime, ...statusOf(result, runtime) }
    }),
  )

  function statusOf(result: CaseResult, runtime: RuntimeName): { status: Status; text?: string } {
    if (result.failure !== undefined) return { status: 'failed', text: result.failure }
    if (result.inapplicable !== undefined) return { status: 'n.a.', text: result.inapplicable }
    const text = check?.(result, runtime, find)
    return text === undefined ? { status: 'ok' } : { status: 'differs', text }
  }
}
