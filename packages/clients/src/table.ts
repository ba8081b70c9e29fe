import { CHECKS } from './contract.ts'
import type { Cell } from './run.ts'

/** The rows as text: the client, then a word per check. */
export function renderTable(cells: readonly Cell[]): string {
  const names = [...new Set(cells.map(({ client }) => client))]
  const rows = names.map((name) => [
    name,
    ...CHECKS.map((check) => {
      const cell = cells.find((one) => one.client === name && one.check === check)!
      return cell.status === 'ok' ? 'ok' : cell.status === 'cannot' ? 'cannot' : 'FAILED'
    }),
  ])
  return align([['', ...CHECKS], ...rows])
}

/** One line per cell that is not ok. */
export function renderDetails(cells: readonly Cell[], status: Cell['status']): string[] {
  return cells.filter((cell) => cell.status === status).map((cell) => `  ${cell.client}, ${cell.check}: ${cell.text}`)
}

/** Columns as wide as their widest entry. */
export function align(rows: readonly (readonly string[])[], separator = '  '): string {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)))
  return rows
    .map((row) =>
      row
        .map((text, index) => text.padEnd(widths[index]!))
        .join(separator)
        .trimEnd(),
    )
    .join('\n')
}
