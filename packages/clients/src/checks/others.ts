import assert from 'node:assert/strict'
import { faults } from '@fetchstack/testing'
import { STACK_CREDENTIAL, setting } from '../harness.ts'
import { type Check, operationsOf, rejectionOf } from './context.ts'

/** A streamed response reaches the caller while the rest of it is still to come. */
export const stream: Check = async (context) => {
  const { server, exchanges } = context
  const { route, body, items, contentType = 'text/event-stream' } = exchanges.stream
  const bytes = Math.ceil(Buffer.byteLength(body) / 8)
  const headers = { 'content-type': contentType, 'transfer-encoding': 'chunked' }
  server.route(route, [503, faults.drip({ body, headers, bytes, interval: 25 })].slice(route.startsWith('GET') ? 0 : 1))
  const operation = operationsOf(context).stream
  assert(operation, 'the client has no streams')
  const seen: unknown[] = []
  for await (const item of operation()) {
    if (seen.length === 0) assert.equal(server.activeRequests, 1, 'the first piece comes before the last is sent')
    seen.push(item)
  }
  if (items === undefined) assert.equal(seen.join(''), body)
  else assert.deepEqual(seen, items)
}

/** The client's own retry is off by the documented option; where it is left on, and can be told, the stack warns of it. */
export const ownRetry: Check = async (context) => {
  const { server, exchanges, entry } = context
  const { leftOn, warning } = entry.ownRetry
  server.route(exchanges.get.route, faults.status(503, {}, exchanges.get.unavailable))
  server.route(exchanges.post.route, faults.status(503, {}, exchanges.post.unavailable))
  await rejectionOf(operationsOf(context, { maxAttempts: 1 }).get())
  assert.equal(server.count(exchanges.get.route), 1, 'requests')
  if (leftOn === undefined) return 'none'
  server.reset()
  const warnings: string[] = []
  const careless = leftOn(setting(server, entry, { maxAttempts: 1, onWarning: (text) => warnings.push(text) }))
  await rejectionOf(careless.get())
  assert(server.count(exchanges.get.route) > 1, 'left on, it does resend')
  await rejectionOf(careless.post('a text'))
  if (warning) assert.match(warnings.join('\n'), warning)
  else assert.deepEqual(warnings, [], 'nothing tells its resends, says the entry')
  return warning ? 'off, told' : 'off'
}

/** A credential that the client sets stays, unless the stack is told to replace it. */
export const credential: Check = async (context) => {
  const { server, exchanges, entry } = context
  const { route, answer } = exchanges.get
  const { header = 'authorization', sent = (value: string) => value } = entry.credential ?? {}
  const own = 'of-the-client'
  const stacks = entry.credential?.header === undefined ? `Bearer ${STACK_CREDENTIAL}` : STACK_CREDENTIAL
  server.route(route, faults.ok(answer))
  await operationsOf(context, { credential: own }).get()
  await operationsOf(context, { credential: own, existing: 'replace' }).get()
  const seen = server.requests.map(({ headers }) => headers[header])
  assert.deepEqual(seen, [sent(own), stacks])
}

/** Options for one call reach the layers: through the client's own call, or bound to the fetch. */
export const perCall: Check = async (context) => {
  const { server, exchanges, entry } = context
  const fetchstack = { retry: false }
  server.route(exchanges.get.route, 503)
  await rejectionOf(
    entry.perCall === 'call'
      ? operationsOf(context).get({ fetchstack })
      : operationsOf(context, { bound: fetchstack }).get(),
  )
  assert.equal(server.count(exchanges.get.route), 1, 'requests without retries')
  return entry.perCall
}
