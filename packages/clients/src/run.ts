import { faultyServer } from '@fetchstack/testing'
import { within } from './checks/context.ts'
import { checks } from './checks/index.ts'
import { CHECKS, type CheckName, type ClientEntry } from './contract.ts'
import { exchangesOf } from './exchanges.ts'
import { forbidGlobalFetch } from './harness.ts'

/** One cell of the table. */
export interface Cell {
  readonly client: string
  readonly check: CheckName
  readonly status: 'ok' | 'cannot' | 'failed'
  /** `ok`: a word more, if any. `cannot`: the reason. `failed`: what went wrong. */
  readonly text: string
}

// So long takes only what hangs.
const LIMIT = 25_000

/** Runs each check of each client, a few clients at a time, against a server of its own. */
export async function run(entries: readonly ClientEntry[], atOnce = 6): Promise<Cell[]> {
  const allow = forbidGlobalFetch()
  const rows: Cell[][] = []
  const queue = [...entries.entries()]
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, entry] = next
      const row: Cell[] = (rows[index] = [])
      for (const check of CHECKS) row.push(await runCell(entry, check))
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } finally {
    allow()
  }
  return rows.flat()
}

async function runCell(entry: ClientEntry, check: CheckName): Promise<Cell> {
  const cell = (status: Cell['status'], text: string): Cell => ({ client: entry.name, check, status, text })
  const reason = entry.cannot?.[check]
  await using server = await faultyServer()
  let text: string
  try {
    const operation = checks[check]({ entry, exchanges: exchangesOf(entry), server })
    text = (await within(LIMIT, 'The check', operation)) ?? ''
  } catch (error) {
    if (reason !== undefined) return cell('cannot', reason)
    return cell('failed', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return reason === undefined ? cell('ok', text) : cell('failed', `It can: the check passed. Stated was: ${reason}`)
}
