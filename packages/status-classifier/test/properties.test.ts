import { OptionError } from '@fetchstack/options'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  classify,
  defaultReaders,
  describeStatus,
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

const readers = [...defaultReaders, proxyStatus]

describe('classify, whatever it is given', () => {
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

describe('classify, given what can hardly be read', () => {
  const unreadable = (): never => {
    throw new Error('not to be read')
  }
  const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, unreadable]))
  const cycle: { message: string; code: string; cause?: unknown; errors?: unknown } = {
    message: 'x',
    code: 'ECONNRESET',
  }
  cycle.cause = cycle
  cycle.errors = [cycle, cycle]
  const names = ['name', 'message', 'code', 'syscall', 'cause', 'errors', 'retryable', 'overloaded', '$retryable']
  // Made when they are needed: fast-check looks at what it generates, and these can't be looked at.
  type Make = () => unknown
  const hostile = fc.constantFrom<Make>(
    () => new Proxy({}, traps),
    () => new Proxy([], traps),
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    },
    () => ({ message: { toString: unreadable }, code: { toString: unreadable } }),
    () => Object.create(null) as object,
    () => Symbol('x'),
    () => cycle,
    () => [cycle],
    () => -0,
    () => Number.NaN,
    () => 'ECONNREFUSED',
  )
  const { value } = fc.letrec<{ value: Make }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      hostile,
      fc
        .array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 4 })
        .map((parts) => () => Object.fromEntries(parts.map(([name, make]) => [name, make()]))),
      fc.array(tie('value'), { maxLength: 4 }).map((list) => () => list.map((make) => make())),
      fc.subarray(names).map((list) => () => {
        const object = {}
        for (const name of list) Object.defineProperty(object, name, { get: unreadable })
        return object
      }),
      tie('value').map((make) => () => new Error('fetch failed', { cause: make() })),
      fc.array(tie('value'), { maxLength: 4 }).map((list) => () => new AggregateError(list.map((make) => make()))),
    ),
  }))

  it('never throws on errors with traps, getters that throw, and cycles', () => {
    fc.assert(
      fc.property(value, (make) => {
        expectSound(classify({ error: make() }, { method: 'POST' }, { readers }))
      }),
      { numRuns: 2000 },
    )
  })

  it('reads no more than 16 errors of a chain without an end, of a tree, and of a million', () => {
    let reads = 0
    class Endless {
      get cause(): unknown {
        reads++
        return new Endless()
      }
      get errors(): unknown {
        return Array.from({ length: 20 }, () => new Endless())
      }
    }
    expectSound(classify({ error: new Endless() }, { method: 'GET' }))
    expect(reads).toBe(16)
    const million = new AggregateError(Array.from({ length: 1_000_000 }, () => ({ code: 'ECONNRESET' })))
    expect(classify({ error: million }, { method: 'GET' })).toMatchObject({ category: 'network', code: 'ECONNRESET' })
  })

  it('shows little of what is long, in the evidence', () => {
    const long = 'x'.repeat(1_000_000)
    const error = { name: long, message: long, code: long, syscall: long, cause: { code: long } }
    const headers = { get: () => long }
    const refused = classify({ response: { status: 503, headers } }, { method: 'GET' }, { readers: [proxyStatus] })
    for (const { evidence } of [classify({ error }, { method: 'GET' }), refused]) {
      for (const { detail } of evidence) expect(detail.length).toBeLessThanOrEqual(60)
    }
  })
})

describe('describeStatus and the row of a status', () => {
  it('describes any number, or throws an OptionError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.integer({ min: 0, max: 1000 }), fc.constant(-0)), (status) => {
        const known = status === 0 || (Number.isInteger(status) && status >= 100 && status <= 999)
        if (!known) {
          expect(() => describeStatus(status)).toThrow(OptionError)
          return
        }
        const { name, sentence, source } = describeStatus(status)
        for (const text of [name, sentence, source]) expect(text).toMatch(/\S/)
      }),
      { numRuns: 2000 },
    )
  })
})
