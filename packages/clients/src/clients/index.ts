import type { ClientEntry } from '../contract.ts'
import { ofetch } from './ofetch.ts'

/** The rows of the table. One line each, in the order of the issue. */
export const clients: readonly ClientEntry[] = [
  ofetch, //
]
