import assert from 'node:assert/strict'
import { faults } from '@fetchstack/testing'
import { assertResult, type Check, operationsOf, rejectionOf } from './context.ts'

// More than one packet, and nothing that JSON would escape.
const TEXT = `Grüße, 世界 🎬 ${'0123456789abcdef'.repeat(4096)} end`

/** A GET that meets 503, 429 with Retry-After and a reset still succeeds. */
export const get: Check = async (context) => {
  const { server, exchanges } = context
  const { route, answer } = exchanges.get
  server.route(route, [503, faults.status(429, { 'retry-after': '0' }), faults.reset(), faults.ok(answer)])
  assertResult(await operationsOf(context).get(), exchanges.get)
  assert.equal(server.count(route), 4, 'requests')
}

/** A POST with an Idempotency-Key that meets 503 arrives whole, once per attempt, as the client sends it without a stack. */
export const post: Check = async (context) => {
  const { server, exchanges } = context
  const { route, answer, encode = (text) => text } = exchanges.post
  server.route(route, [faults.ok(answer), faults.status(503), faults.ok(answer)])
  await operationsOf(context, { bare: true }).post(TEXT)
  assertResult(await operationsOf(context).post(TEXT, { idempotencyKey: 'key-1' }), exchanges.post)
  const [reference, ...attempts] = server.requests
  assert.equal(attempts.length, 2, 'requests')
  assert(reference!.text.includes(encode(TEXT)), 'the text is in the body')
  for (const attempt of attempts) {
    assert.equal(attempt.headers['idempotency-key'], 'key-1')
    assert(attempt.complete, 'the body arrived whole')
    assert(Buffer.from(attempt.body).equals(reference!.body), 'the body is the same, byte for byte')
    assert.equal(attempt.headers['content-type'], reference!.headers['content-type'])
  }
}

/** A POST without a key is not resent after 503, but is after a refused connection. */
export const unsafe: Check = async (context) => {
  const { server, exchanges } = context
  const { route, answer } = exchanges.post
  server.route(route, 503)
  await rejectionOf(operationsOf(context).post(TEXT))
  assert.equal(server.count(route), 1, 'requests after a 503')

  server.route(route, faults.ok(answer))
  server.reset()
  await server.refuse()
  let accepting: Promise<void> | undefined
  const onDecision = (): void => {
    accepting ??= server.accept()
  }
  assertResult(await operationsOf(context, { maxAttempts: 6, wait: 50, onDecision }).post(TEXT), exchanges.post)
  assert(accepting, 'the connection was refused')
  assert.equal(server.count(route), 1, 'requests after a refused connection')
}
