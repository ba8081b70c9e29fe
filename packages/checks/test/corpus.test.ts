import { type ServerHint, serverHint } from '@fetchstack/backoff'
import { rateLimit } from '@fetchstack/backoff/rate-limit'
import { type CorpusRow, corpus, reviveError } from '@fetchstack/corpus'
import { type Decision, decide, policy } from '@fetchstack/retry-decision'
import { classify, defaultReaders, type Outcome } from '@fetchstack/status-classifier'
import { proxyStatus } from '@fetchstack/status-classifier/proxy-status'
import { describe, expect, it } from 'vitest'

const made = policy()

function outcomeOf({ outcome }: CorpusRow): Outcome {
  if ('error' in outcome) return { error: reviveError(outcome.error.shape) }
  const { status, headers } = outcome.response
  return { response: { status, headers: new Headers(headers) } }
}

function hintOf({ now, dialect = 'auto', reads = [] }: CorpusRow, outcome: Outcome): ServerHint | undefined {
  const readers = reads.includes('ratelimit') ? [rateLimit] : []
  return 'response' in outcome ? serverHint(outcome.response, { now, dialect, readers }) : undefined
}

function decisionOf(row: CorpusRow, random: number): Decision {
  const { request, reads = [], now } = row
  const { method, replay, headers, aborted = false } = request
  const outcome = outcomeOf(row)
  const readers = reads.includes('proxy-status') ? [...defaultReaders, proxyStatus] : defaultReaders
  return decide(made, {
    attempt: corpus.policy.attempt,
    verdict: classify(outcome, { method, signal: { aborted } }, { readers }),
    request: { method, replay, idempotencyKey: 'idempotency-key' in headers },
    hint: hintOf(row, outcome),
    now,
    random: () => random,
    outcome,
  })
}

const kinds = [...new Set(corpus.rows.map(({ id }) => id.split('/')[0]!))]

describe.each(kinds)('the decision of the corpus on %s', (kind) => {
  it.each(corpus.rows.filter(({ id }) => id.startsWith(`${kind}/`)))('$id: $about', (row) => {
    const least = decisionOf(row, 0)
    const most = decisionOf(row, 1 - Number.EPSILON / 2)
    const { action, reason, retryAt } = least
    const delay = action === 'retry' ? { min: least.delay, max: most.delay } : undefined
    expect({ action, reason, delay, retryAt }).toEqual(row.expected.decision)
    expect(most).toMatchObject({ action, reason })
  })
})

describe('the hint of the corpus', () => {
  it.each(corpus.rows.filter(({ expected }) => expected.hint))('$id: $about', (row) => {
    const { delay = null, source = null } = hintOf(row, outcomeOf(row)) ?? {}
    expect({ delay, source }).toEqual(row.expected.hint)
  })

  it('is none where the corpus has none', () => {
    const hinted = corpus.rows.filter((row) => hintOf(row, outcomeOf(row))?.delay !== undefined)
    expect(hinted.filter(({ expected }) => expected.hint === undefined).map(({ id }) => id)).toEqual([])
  })
})

describe('the policy of the corpus', () => {
  const { policy: said } = corpus

  it('is the default policy', () => {
    const { maxAttempts, idempotentMethods, maxServerDelay, spread, transparentRetries } = made
    expect(said).toMatchObject({ maxAttempts, idempotentMethods, maxServerDelay, spread, transparentRetries })
    expect(made.schedule(1, 0, () => 0.5)).toBe(said.initialDelay / 2)
    expect(made.throttledSchedule(1, 0, () => 0.5)).toBe(said.throttledInitialDelay / 2)
  })
})
