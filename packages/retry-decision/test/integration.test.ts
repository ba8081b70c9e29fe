import { serverHint } from '@fetchstack/backoff'
import { classify, type Outcome } from '@fetchstack/status-classifier'
import { describe, expect, it } from 'vitest'
import { type Decision, decide, type Facts, policy } from '../src/index.ts'

const made = policy({ schedule: () => 100, throttledSchedule: () => 1000, spread: 0 })
const now = 1_767_225_600_000

function judge(outcome: Outcome, method = 'GET', parts: Partial<Facts> & { readonly key?: boolean } = {}): Decision {
  const { key = false, ...rest } = parts
  return decide(made, {
    attempt: 1,
    verdict: classify(outcome, { method }),
    request: { method, replay: 'free', idempotencyKey: key },
    now,
    hint: 'response' in outcome ? serverHint(outcome.response, { now }) : undefined,
    random: () => 0.5,
    outcome,
    ...rest,
  })
}

const answer = (status: number, headers: Record<string, string> = {}): Outcome => ({
  response: new Response(null, { status, headers }),
})

const failed = (code: string, syscall?: string): Outcome => ({
  error: Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code, syscall }) }),
})

describe('with the real classifier and the real hints', () => {
  it.each<[number, string, string]>([
    [200, 'success', 'success'],
    [204, 'success', 'success'],
    [304, 'redirect', 'redirect'],
    [400, 'not-retryable-status', 'not-retryable-status'],
    [401, 'not-retryable-status', 'not-retryable-status'],
    [403, 'not-retryable-status', 'not-retryable-status'],
    [404, 'not-retryable-status', 'not-retryable-status'],
    [408, 'transient-status', 'unsafe-method'],
    [409, 'not-retryable-status', 'not-retryable-status'],
    [413, 'not-retryable-status', 'not-retryable-status'],
    [425, 'transient-status', 'transient-status'],
    [429, 'throttled', 'throttled'],
    [500, 'transient-status', 'unsafe-method'],
    [501, 'not-retryable-status', 'not-retryable-status'],
    [502, 'transient-status', 'unsafe-method'],
    [503, 'overloaded', 'unsafe-method'],
    [504, 'transient-status', 'unsafe-method'],
    [521, 'transient-status', 'transient-status'],
    [525, 'transient-status', 'transient-status'],
    [529, 'overloaded', 'unsafe-method'],
    [599, 'transient-status', 'unsafe-method'],
  ])('%d: %s for GET, %s for POST', (status, get, post) => {
    expect([judge(answer(status)).reason, judge(answer(status), 'POST').reason]).toEqual([get, post])
  })

  it.each<[string, Outcome, string, string]>([
    ['refused', failed('ECONNREFUSED', 'connect'), 'transparent', 'transparent'],
    ['reset in mid-request', failed('ECONNRESET', 'read'), 'network-idempotent', 'unsafe-method'],
    ['unknown host', failed('ENOTFOUND', 'getaddrinfo'), 'network-unprocessed', 'network-unprocessed'],
    ['a bad certificate', failed('DEPTH_ZERO_SELF_SIGNED_CERT'), 'permanent-error', 'permanent-error'],
    ['a timed-out attempt', { error: new DOMException('late', 'TimeoutError') }, 'attempt-timeout', 'unsafe-method'],
    ['an abort', { error: new DOMException('stop', 'AbortError') }, 'aborted', 'aborted'],
    ['a mistake', { error: new RangeError('no') }, 'permanent-error', 'permanent-error'],
    ['a thrown string', { error: 'no' }, 'permanent-error', 'permanent-error'],
  ])('%s', (_name, outcome, get, post) => {
    expect([judge(outcome).reason, judge(outcome, 'POST').reason]).toEqual([get, post])
  })

  it('waits as long as Retry-After says', () => {
    expect(judge(answer(503, { 'retry-after': '2' }))).toMatchObject({
      delay: 2000,
      delaySource: 'server',
      retryAt: now + 2000,
    })
    expect(judge(answer(413, { 'retry-after': '2' }), 'POST')).toMatchObject({ action: 'retry', delay: 2000 })
    expect(judge(answer(429, { 'retry-after': '61' }))).toMatchObject({
      reason: 'server-delay-too-long',
      retryAt: now + 61_000,
    })
  })

  it('goes by the server’s own verdict', () => {
    expect(judge(answer(500, { 'x-should-retry': 'true' }), 'POST').reason).toBe('server-said-go')
    expect(judge(answer(400, { 'x-should-retry': 'true' })).reason).toBe('server-said-go')
    expect(judge(answer(503, { 'x-should-retry': 'false' })).reason).toBe('server-said-stop')
  })

  it('resends a POST that a proxy refused before it was served', () => {
    expect(judge(answer(503, { 'x-envoy-overloaded': 'true' }), 'POST').reason).toBe('overloaded')
  })

  it('resends a 409 with the same Idempotency-Key', () => {
    expect(judge(answer(409), 'POST', { key: true }).reason).toBe('idempotency-conflict')
  })

  it('gives a status to be resent once at most one resend', () => {
    expect(judge(answer(525)).action).toBe('retry')
    expect(judge(answer(525), 'GET', { attempt: 2 }).reason).toBe('attempts-exhausted')
  })

  it('has a decision for every status', () => {
    for (let status = 200; status < 600; status++) {
      const { action, delay } = judge(answer(status))
      expect([status, action === 'retry'] as const).toEqual([status, delay !== undefined])
    }
  })
})
