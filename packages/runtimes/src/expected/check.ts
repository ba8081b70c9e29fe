import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { allForms, type Form } from '../behaviours/forms.ts'
import { groups } from '../behaviours/suite.ts'
import type { SuiteCheck, SuiteResults } from '../contract.ts'
import { recordErrors } from '../record/record-errors.ts'
import { shapeProblem } from '../record/recorded.ts'
import { compare } from './compare.ts'
import { deviations } from './deviations.ts'
import { docFile, renderDoc } from './render-doc.ts'
import { rows } from './rows.ts'

/** What is expected of the behaviour suite. */
export const check: SuiteCheck = {
  check: ({ id, observation }, runtime) => {
    const [group, form] = partsOf(id)
    const problems = [compare(group, form, runtime, observation!), shapeProblem(group, form, runtime, observation!)]
    const found = problems.filter((problem) => problem !== undefined)
    return found.length === 0 ? undefined : found.join('\n')
  },
  checkAll: () => {
    const names = new Set(groups.map(({ name }) => name))
    const ids = new Set(groups.flatMap(({ name, forms }) => forms.map((form) => `${name}/${form.name}`)))
    const unknown = deviations.flatMap(({ of }) => of.filter((one) => !names.has(one) && !ids.has(one)))
    return [
      ...Object.keys(rows)
        .filter((name) => !names.has(name))
        .map((name) => `expected/rows.ts has "${name}", and the suite has no such group.`),
      ...(existsSync(docFile) && readFileSync(docFile, 'utf8') === renderDoc()
        ? []
        : ['docs/runtimes.md is not what the expectations make of it: "pnpm test:runtimes --record" writes it.']),
      ...unknown.map((one) => `expected/deviations.ts names "${one}", and the suite has no such group or case.`),
    ]
  },
  record: async (results: SuiteResults, versions) => {
    writeFileSync(docFile, renderDoc())
    return ['docs/runtimes.md', ...(await recordErrors(results, versions))]
  },
}

function partsOf(id: string): readonly [group: string, form: Form] {
  const [group = '', name = ''] = id.split('/')
  return [group, allForms.find((form) => form.name === name)!]
}
