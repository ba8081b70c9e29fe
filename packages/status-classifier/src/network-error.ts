import { networkTable } from './network-table.ts'
import { type Clue, find } from './row.ts'
import type { Verdict } from './types.ts'

/** What an error has in most cases. Nothing of it is sure, hence the `try` around it. */
interface Thrown {
  readonly name: string
  readonly message: string
  readonly cause?: unknown
  readonly code?: unknown
  readonly syscall?: string
  readonly errors?: unknown
}

/**
 * The verdict on whatever was thrown. Never throws: an error whose properties can't be read is `unknown`.
 * Looks at no more than 16 errors of its `cause`s and `errors`. The evidence holds no message, for messages quote URLs.
 */
export function classifyError(thrown: unknown): Verdict {
  const chain = [thrown]
  const clues: Clue[] = []
  let first: string | undefined
  for (let i = 0; i < chain.length && i < 16; i++) {
    try {
      const { code, syscall, name, message, cause, errors } = chain[i] as Thrown
      const parts: unknown[] = Array.isArray(errors) ? errors.slice(0, 8) : []
      // An AggregateError repeats the code of a part, but not the syscall that says how far it got.
      if (typeof code === 'string' && !parts[0]) {
        const named = (syscall ? `${code} (${syscall})` : code).slice(0, 60)
        first ??= code
        clues.push([syscall === 'connect' ? syscall : named, named])
      }
      clues.push([`${name}: ${message}`.slice(0, 500) + '\n'])
      chain.push(cause, ...parts)
    } catch {
      // A getter, a proxy or a symbol: nothing can be learned from this one.
    }
  }
  return { ...find(networkTable, 'error', clues), ...(first && { code: first }) }
}
