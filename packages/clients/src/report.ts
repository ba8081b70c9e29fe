import type { Cell } from './run.ts'

/** The counts that vitest's JSON reporter has, as far as `.ci/run` reads them. */
export interface JsonReport {
  readonly numTotalTests: number
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly success: boolean
  readonly testResults: readonly never[]
}

/**
 * A "cannot" counts as passed: its check ran, and ended as the row says.
 *
 * @param problems - What went wrong besides the cells: each counts as a failed test.
 */
export function report(cells: readonly Cell[], problems: readonly string[]): JsonReport {
  const count = (status: Cell['status']): number => cells.filter((cell) => cell.status === status).length
  const failed = count('failed') + problems.length
  return {
    numTotalTests: cells.length + problems.length,
    numPassedTests: count('ok') + count('cannot'),
    numFailedTests: failed,
    numPendingTests: 0,
    success: failed === 0 && cells.length > 0,
    testResults: [],
  }
}
