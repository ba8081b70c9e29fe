import type { RuntimeName } from './contract.ts'
import type { Status, Verdict } from './verdicts.ts'

/** A column: a runtime, and its version or `skipped`. */
export interface Column {
  readonly runtime: RuntimeName
  readonly note: string
}

const WORST_FIRST: readonly Status[] = ['failed', 'differs', 'ok', 'n.a.']

/** The groups as rows, the runtimes as columns. A cell tells the worst that happened, with counts: `ok 12`, `differs 1 of 12`. */
export function renderTable(verdicts: readonly Verdict[], columns: readonly Column[]): string {
  const rows = [
    ['', ...columns.map(({ runtime }) => runtime)],
    ['', ...columns.map(({ note }) => note)],
  ]
  for (const suite of new Set(verdicts.map((verdict) => verdict.suite))) {
    const ofSuite = verdicts.filter((verdict) => verdict.suite === suite)
    rows.push([suite.toUpperCase()])
    for (const group of new Set(ofSuite.map((verdict) => verdict.group))) {
      const ofGroup = ofSuite.filter((verdict) => verdict.group === group)
      rows.push([`  ${group}`, ...columns.map((one) => cell(ofGroup.filter(({ runtime }) => runtime === one.runtime)))])
    }
  }
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((text, index) => text.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cell(verdicts: readonly Verdict[]): string {
  const count = (status: Status) => verdicts.filter((verdict) => verdict.status === status).length
  const worst = WORST_FIRST.find((status) => count(status) > 0)
  if (worst === undefined) return '-'
  if (worst === 'n.a.') return worst
  const ran = verdicts.length - count('n.a.')
  return worst === 'ok' ? `ok ${ran}` : `${worst} ${count(worst)} of ${ran}`
}

/** One paragraph for each case that is not as expected. */
export function renderDetails(verdicts: readonly Verdict[]): string {
  return verdicts
    .filter(({ status }) => status === 'differs' || status === 'failed')
    .map(({ suite, id, runtime, status, text }) => `${runtime}  ${suite}  ${id}: ${status}\n${indent(text ?? '')}`)
    .join('\n\n')
}

/** The reasons why cases can't run, each with its runtimes and the number of its cases. */
export function renderInapplicable(verdicts: readonly Verdict[]): string {
  const reasons = new Map<string, Verdict[]>()
  for (const verdict of verdicts.filter(({ status }) => status === 'n.a.')) {
    const text = `${verdict.suite}: ${verdict.text}`
    reasons.set(text, [...(reasons.get(text) ?? []), verdict])
  }
  return [...reasons]
    .map(
      ([text, list]) =>
        `  ${text} (${[...new Set(list.map(({ runtime }) => runtime))].join(', ')}; ${list.length} n.a.)`,
    )
    .join('\n')
}

const indent = (text: string): string => text.replaceAll(/^/gm, '    ')
