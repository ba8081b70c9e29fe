import assert from 'node:assert/strict'
import type { FaultyServer } from '@fetchstack/testing'
import type { ClientEntry, Exchange, Operations } from '../contract.ts'
import type { Exchanges } from '../exchanges.ts'
import { type Plan, setting } from '../harness.ts'

/** What a check works with: a client, and a server of its own. */
export interface Context {
  readonly entry: ClientEntry
  readonly exchanges: Exchanges
  readonly server: FaultyServer
}

/** Rejects with what is wrong. Resolves with what the cell says besides `ok`. */
export type Check = (context: Context) => Promise<string | void>

export function operationsOf({ entry, server }: Context, plan?: Plan): Operations {
  return entry.make(setting(server, entry, plan))
}

export function assertResult(actual: unknown, { answer, result = answer }: Exchange): void {
  assert.deepEqual(plain(actual), result, 'what the caller gets of the answer')
}

/** Some clients put a prototype, or none, on what they parsed. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

/** What the operation rejects with. */
export async function rejectionOf(operation: Promise<unknown>): Promise<unknown> {
  try {
    await operation
  } catch (error) {
    return error
  }
  assert.fail('The operation succeeded.')
}

/** The error itself and all that it was made from, outermost first. */
export function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || chain.includes(value) || chain.length > 20) return
    chain.push(value)
    for (const name of [
      'cause',
      'error',
      'originalError',
      'networkError',
      'reason',
      'original',
      'detail',
      'exception',
    ]) {
      visit((value as Record<string, unknown>)[name])
    }
  }
  visit(error)
  return chain
}

/** Rejects when it takes longer. Only for what would take far longer, or forever, if it were wrong. */
export async function within<T>(ms: number, what: string, operation: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms.`)), ms)
  })
  try {
    return await Promise.race([operation, late])
  } finally {
    clearTimeout(timer)
  }
}
