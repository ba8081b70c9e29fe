import { describe, expect, it } from 'vitest'
import { reasons } from '../src/mutation-reasons.ts'
import { mutationPage, type StrykerReport, scoresOf, survivorsOf } from '../src/mutation-report.ts'

const file = 'packages/retry-decision/src/ratio-budget.ts'
const at = (column: number, length: number) => ({
  start: { line: 2, column },
  end: { line: 2, column: column + length },
})
const report: StrykerReport = {
  files: {
    [file]: {
      source: 'const a = 1\nreturn age < 0 ? `x` : y\n',
      mutants: [
        { mutatorName: 'EqualityOperator', replacement: 'age <= 0', status: 'Survived', location: at(8, 7) },
        { mutatorName: 'StringLiteral', replacement: '``', status: 'NoCoverage', location: at(18, 3) },
        { mutatorName: 'EqualityOperator', replacement: 'age >= 0', status: 'Killed', location: at(8, 7) },
        { mutatorName: 'ConditionalExpression', replacement: 'true', status: 'Timeout', location: at(8, 7) },
        { mutatorName: 'ConditionalExpression', replacement: 'false', status: 'RuntimeError', location: at(8, 7) },
      ],
    },
  },
}

describe('the report on mutants', () => {
  it('counts what no test covers as survived, what never ends as killed, and what is broken not at all', () => {
    expect(scoresOf(report)).toEqual([{ name: 'retry-decision', killed: 2, survived: 2, broken: 1, score: 50 }])
  })

  it('names each survivor with its place, its change and the reason, where there is one', () => {
    expect(survivorsOf(report)).toEqual([
      { where: `${file}:2`, change: '`age < 0` → `age <= 0`', why: 'A start that is now is set to now.' },
      { where: `${file}:2`, change: '`` `x` `` → `` `` ``', why: undefined },
    ])
    const page = mutationPage(report)
    expect(page).toContain('| `retry-decision` | 4 | 2 | 2 | 1 | 50.0 % |')
    expect(page).toContain(`- ${file}:2: \`age < 0\` → \`age <= 0\`. A start that is now is set to now.`)
    expect(page).toContain('No test tells it apart yet.')
  })

  it('has reasons that are sentences', () => {
    for (const { why } of reasons) expect(why).toMatch(/^[A-Z\d].+\.$/)
  })
})
