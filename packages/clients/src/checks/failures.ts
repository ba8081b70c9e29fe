import assert from 'node:assert/strict'
import { explain } from '@fetchstack/retry'
import { faults } from '@fetchstack/testing'
import type { Failure } from '../contract.ts'
import { type Check, type Context, chainOf, operationsOf, rejectionOf, within } from './context.ts'

/** A give-up after a status reaches the caller as the client's own error, with the trail readable. */
export const statusError: Check = async (context) => {
  const { route, unavailable } = context.exchanges.get
  context.server.route(route, faults.status(503, {}, unavailable))
  await assertGiveUp(context, context.entry.errors.status, '503')
}

/** The same, when no attempt got a response. */
export const networkError: Check = async (context) => {
  context.server.route(context.exchanges.get.route, faults.reset())
  await assertGiveUp(context, context.entry.errors.network, 'TypeError')
}

async function assertGiveUp(context: Context, { name, is, trail }: Failure, outcome: string): Promise<void> {
  const error = await rejectionOf(operationsOf(context, { maxAttempts: 3 }).get())
  assert(is(error), `the error is ${name}, but it is ${describe(error)}`)
  const story = explain(trail === undefined ? error : trail.of(error))
  assert(story, `explain(error) finds nothing in ${describe(error)}`)
  assert(story.records.length >= 3, 'the trail has the attempts')
  for (const record of story.records) assert.match(record.outcome, new RegExp(`^${outcome}`))
}

function describe(error: unknown): string {
  const names = chainOf(error).map((one) => `${(one as object).constructor?.name}: ${(one as Error).message}`)
  return names.join(' < ') || String(error)
}

/** An abort during the wait between two attempts settles at once. */
export const abort: Check = async (context) => {
  const { server, exchanges } = context
  server.route(exchanges.get.route, 503)
  const controller = new AbortController()
  // After the decision, that is, in its wait.
  const onDecision = (): void => {
    setTimeout(() => controller.abort(), 20)
  }
  const { get } = operationsOf(context, { wait: 15_000, onDecision })
  await within(3_000, 'The abort of a wait of 15 s', rejectionOf(get({ signal: controller.signal })))
  assert.equal(server.count(exchanges.get.route), 1, 'requests')
}

/** A body that stops ends by the timeout, and the caller can tell. */
export const stall: Check = async (context) => {
  const { server, exchanges } = context
  const { route, answer } = exchanges.get
  server.route(route, faults.stallBody({ body: answer }))
  const error = await within(
    5_000,
    'A body that stalls beyond a timeout of 150 ms',
    rejectionOf(operationsOf(context, { attempt: 150 }).get()),
  )
  const told = chainOf(error).some((one) => (one as { code?: unknown }).code === 'FETCHSTACK_TIMEOUT')
  assert(told, `the error is our TimeoutError or made from it, but it is ${describe(error)}`)
}
