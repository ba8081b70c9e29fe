import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  classify,
  defaultReaders,
  type EvidenceReader,
  type Finding,
  type Outcome,
  type Verdict,
} from '../src/index.ts'
import { proxyStatus } from '../src/proxy-status.ts'

const categories = [
  'success',
  'redirect',
  'client-error',
  'auth',
  'conflict',
  'throttled',
  'overloaded',
  'server-error',
  'gateway',
  'network',
  'timeout',
  'aborted',
  'config',
  'unknown',
] as const
const faults = ['caller', 'server', 'intermediary', 'network', 'none'] as const
const durabilities = ['transient', 'permanent', 'unknown'] as const
const processed = ['no', 'maybe', 'yes'] as const
const retries = ['never', 'idempotent', 'any', 'hint', 'modify'] as const

const headerNames = [
  'x-should-retry',
  'stripe-should-retry',
  'grpc-retry-pushback-ms',
  'x-envoy-overloaded',
  'x-envoy-ratelimited',
  'cf-mitigated',
  'x-ratelimit-remaining',
  'retry-after',
  'proxy-status',
]
const headerValue = fc.oneof(
  fc.constantFrom(
    'true',
    'false',
    '0',
    '-1',
    'challenge',
    'p; error=connection_refused',
    'p; error=x, q; error=dns_error',
  ),
  fc.string({ unit: 'binary' }),
)
const headers = fc
  .dictionary(fc.constantFrom(...headerNames), headerValue)
  .map((values) => ({ get: (name: string) => values[name] ?? null }))
const response = fc.record({
  response: fc.record({ status: fc.oneof(fc.integer({ min: 0, max: 999 }), fc.integer(), fc.double()), headers }),
})

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('fetch failed', 'terminated', 'AbortError', 'TimeoutError', 'ECONNRESET', 'connect', 'TypeError'),
)
const error = fc
  .oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
    fc.letrec((tie) => ({
      error: fc.record(
        {
          name: fc.oneof(text, fc.anything()),
          message: fc.oneof(text, fc.anything()),
          code: fc.oneof(text, fc.anything()),
          syscall: fc.oneof(text, fc.anything()),
          retryable: fc.anything(),
          overloaded: fc.anything(),
          $retryable: fc.anything(),
          cause: fc.oneof({ depthSize: 'small' }, fc.anything(), tie('error')),
          errors: fc.oneof({ depthSize: 'small' }, fc.anything(), fc.array(tie('error'), { maxLength: 3 })),
        },
        { requiredKeys: [] },
      ),
    })).error,
  )
  .map((thrown): Outcome => ({ error: thrown }))
const outcome: fc.Arbitrary<Outcome> = fc.oneof(response, error)

const finding = fc
  .record(
    {
      category: fc.constantFrom(...categories),
      fault: fc.constantFrom(...faults),
      durability: fc.constantFrom(...durabilities),
      processed: fc.constantFrom(...processed),
      retry: fc.constantFrom(...retries),
      directive: fc.constantFrom('go' as const, 'stop' as const),
    },
    { requiredKeys: [] },
  )
  .map((fields): Finding => ({ ...fields, evidence: { source: 'rule', detail: 'made up' } }))
const rules = fc.array(
  finding.map(
    (found): EvidenceReader =>
      () =>
        found,
  ),
  { maxLength: 3 },
)

function expectSound(verdict: Verdict): void {
  expect(categories).toContain(verdict.category)
  expect(faults).toContain(verdict.fault)
  expect(durabilities).toContain(verdict.durability)
  expect(processed).toContain(verdict.processed)
  expect(retries).toContain(verdict.retry)
  expect([undefined, 'go', 'stop']).toContain(verdict.directive)
  expect([undefined, 1]).toContain(verdict.maxRetries)
  if (verdict.retry === 'any') expect(verdict.processed).toBe('no')
  if (verdict.directive === 'stop') expect(verdict.retry).toBe('never')
  expect(verdict.evidence.length).toBeGreaterThan(0)
  for (const { source, detail } of verdict.evidence) {
    expect(typeof source).toBe('string')
    expect(typeof detail).toBe('string')
  }
}

describe('classify, whatever it is given', () => {
  const readers = [...defaultReaders, proxyStatus]

  it('never throws and keeps every field within its closed set', () => {
    fc.assert(
      fc.property(outcome, rules, (given, made) => {
        expectSound(classify(given, { method: 'POST' }, { readers, rules: made }))
      }),
      { numRuns: 2000 },
    )
  })

  it('gives the same verdict for the same input', () => {
    fc.assert(
      fc.property(response, (given) => {
        expect(classify(given, { method: 'GET' }, { readers })).toEqual(classify(given, { method: 'GET' }, { readers }))
      }),
    )
  })

  it('never resends once the caller has aborted', () => {
    fc.assert(
      fc.property(outcome, rules, (given, made) => {
        const verdict = classify(given, { method: 'GET', signal: { aborted: true } }, { readers, rules: made })
        expectSound(verdict)
        expect(verdict).toMatchObject({ category: 'aborted', retry: 'never' })
      }),
    )
  })

  it('lets no header make a resend less safe than the row of the status, but for a word of the server', () => {
    const rank = { never: 0, modify: 0, hint: 1, idempotent: 1, any: 2 }
    fc.assert(
      fc.property(response, (given) => {
        const plain = classify(given, { method: 'POST' }, { readers: [] })
        const full = classify(given, { method: 'POST' }, { readers })
        if (rank[full.retry] > rank[plain.retry] && full.directive !== 'go') {
          expect(full.evidence.length).toBeGreaterThan(1)
          expect(full.processed).toBe('no')
        }
      }),
    )
  })
})
