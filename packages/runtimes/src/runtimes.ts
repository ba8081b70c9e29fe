import type { RuntimeName } from './contract.ts'

/** The runtimes of the matrix, in the order of the table's columns. */
export const RUNTIMES: readonly RuntimeName[] = ['node-22', 'node-24', 'node-26', 'bun', 'deno', 'workerd', 'chromium']
