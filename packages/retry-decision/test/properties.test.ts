import { seededRandom } from '@fetchstack/backoff'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Budget,
  type BudgetEvent,
  type BudgetState,
  decide,
  type Facts,
  policy,
  type Reason,
  ratioBudget,
  successThrottle,
  tokenBucket,
} from '../src/index.ts'

/** Every reason there is; one that is missing or too many does not compile. */
const reasons: Record<Reason, true> = {
  success: true,
  redirect: true,
  aborted: true,
  'total-timeout': true,
  'deadline-before-delay': true,
  'attempts-exhausted': true,
  'budget-exhausted': true,
  'breaker-open': true,
  'server-said-stop': true,
  'server-delay-too-long': true,
  'not-retryable-status': true,
  'permanent-error': true,
  'unsafe-method': true,
  'body-not-replayable': true,
  'rule-said-stop': true,
  'hedge-won': true,
  'transient-status': true,
  throttled: true,
  overloaded: true,
  'network-unprocessed': true,
  'network-idempotent': true,
  'attempt-timeout': true,
  'server-said-go': true,
  'idempotency-conflict': true,
  transparent: true,
  'rule-said-retry': true,
}

const status = fc.constantFrom(200, 304, 400, 401, 404, 408, 409, 413, 425, 429, 500, 503, 504, 525)
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })

const verdict = fc.record(
  {
    category: fc.constantFrom(
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
    ),
    fault: fc.constantFrom('caller', 'server', 'intermediary', 'network', 'none'),
    durability: fc.constantFrom('transient', 'permanent', 'unknown'),
    processed: fc.constantFrom('no', 'maybe', 'yes'),
    retry: fc.constantFrom('never', 'idempotent', 'any', 'hint', 'modify'),
    directive: fc.constantFrom('go', 'stop'),
    maxRetries: fc.integer({ min: 0, max: 3 }),
    status,
    code: fc.constantFrom('ECONNRESET', 'ENOTFOUND'),
    evidence: fc.constant([]),
  },
  { requiredKeys: ['category', 'fault', 'durability', 'processed', 'retry', 'evidence'] },
)

const delay = fc.oneof(
  fc.double({ min: 0, max: 100_000, noNaN: true }),
  fc.constantFrom(0, -1, Number.NaN, Infinity, undefined),
)

const situation = fc.record({
  attempt: fc.integer({ min: 1, max: 5 }),
  verdict,
  request: fc.record({
    method: fc.constantFrom('GET', 'PUT', 'POST', 'PATCH', 'query'),
    replay: fc.constantFrom('free', 'clone', 'never'),
    idempotencyKey: fc.boolean(),
  }),
  now: fc.integer({ min: 0, max: 2 ** 42 }),
  left: optional(fc.integer({ min: -10, max: 100_000 })),
  delay,
  previousBackoff: fc.double({ min: 0, max: 20_000, noNaN: true }),
  transparentRetries: fc.integer({ min: 0, max: 2 }),
  budget: optional(fc.record({ tokens: fc.integer({ min: 0, max: 500 }) })),
  breakerOpen: fc.boolean(),
  seed: fc.nat(),
})

const word = fc.constantFrom('retry', 'allow', 'stop', undefined)
const options = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  maxServerDelay: fc.constantFrom(0, 5000, 60_000, Infinity),
  spread: fc.double({ min: 0, max: 1, noNaN: true }),
  transparentRetries: fc.integer({ min: 0, max: 2 }),
  statuses: fc.record(
    { only: fc.subarray([429, 503]), add: fc.subarray([404, 409]), remove: fc.subarray([500, 504]) },
    { requiredKeys: [] },
  ),
  budget: fc.constantFrom<Budget | false>(false, tokenBucket()),
  rules: fc.array(
    word.map((said) => () => said),
    { maxLength: 2 },
  ),
})

/** The facts are made afresh for each decision, since a random source has state. */
function factsOf({ left, delay, seed, ...rest }: typeof situation extends fc.Arbitrary<infer T> ? T : never): Facts {
  const hint = { delay, source: 'retry-after', evidence: [] }
  const deadline = left === undefined ? undefined : rest.now + left
  return { ...rest, deadline, hint, random: seededRandom(seed) }
}

describe('any decision', () => {
  it('keeps what is promised of it', () => {
    fc.assert(
      fc.property(options, situation, (chosen, given) => {
        const made = policy(chosen)
        const facts = factsOf(given)
        const { verdict, request, now, deadline = Infinity } = facts
        const decision = decide(made, facts)
        const { action, reason, delay = Number.NaN, trail } = decision
        const asked = facts.hint?.delay ?? 0
        const again = action === 'retry'
        const transparent = reason === 'transparent'
        const waited = again && !transparent
        const gated = again && reason !== 'rule-said-retry'
        const unsafe =
          ['POST', 'PATCH'].includes(request.method) && !request.idempotencyKey && verdict.directive !== 'go'
        const { budget } = made

        const promises = {
          'the reason is in the closed list': reason in reasons,
          'only a success or a redirect is accepted':
            (action === 'accept') === (verdict.category === 'success' || verdict.category === 'redirect'),
          'a delay belongs to a resend': 'delay' in decision === again,
          'the trail is made of sentences': trail.every((sentence) => /^\S.*\.$/.test(sentence)),
          'an abort is final': !again || verdict.category !== 'aborted',
          'a lost body is not resent': !again || request.replay !== 'never',
          'an open breaker is respected': !again || facts.breakerOpen === false,
          'one attempt means one': !again || made.maxAttempts > 1,
          'the delay is finite and not negative': !again || (Number.isInteger(delay) && delay >= 0),
          'the delay ends before the deadline': !again || now + delay < deadline,
          'a transparent resend was never processed':
            !transparent || (delay === 0 && verdict.category === 'network' && verdict.processed === 'no'),
          'transparent resends are counted': !transparent || given.transparentRetries < made.transparentRetries,
          'attempts are counted': !waited || facts.attempt < made.maxAttempts,
          'the delay is never shorter than the server asks':
            !waited || !(asked >= 0 && asked < Infinity) || (delay >= asked && asked <= made.maxServerDelay),
          'the budget is respected':
            !waited || !budget || !facts.budget || budget.allows(facts.budget, now, verdict.category),
          'the server’s stop is respected': !gated || verdict.directive !== 'stop',
          'an unsafe request is resent only unprocessed':
            !gated || !unsafe || verdict.processed === 'no' || verdict.retry === 'any',
        }
        const broken = Object.entries(promises).filter(([, kept]) => !kept)
        expect(broken).toEqual([])
        expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
        expect(decide(made, factsOf(given))).toEqual(decision)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('any number in the facts, and from a schedule', () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(0, -0, -1, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, 2 ** 31, 1e15),
  )

  it('gives a whole wait from 0 to the longest that a timer or the policy takes, and no exception', () => {
    fc.assert(
      fc.property(
        options,
        situation,
        fc.record({ attempt: number, now: number, deadline: optional(number), previousBackoff: number }),
        fc.record({ transparentRetries: number, delay: optional(number), wait: number }),
        (chosen, given, times, { transparentRetries, delay, wait }) => {
          let built = false
          const schedule = () => (built ? wait : 0)
          const made = policy({ ...chosen, schedule })
          built = true
          const hint = { delay, source: 'reader', evidence: [] }
          const decision = decide(made, { ...factsOf(given), ...times, transparentRetries, hint })
          expect(decision.reason in reasons).toBe(true)
          if (decision.action !== 'retry') return
          expect(Number.isInteger(decision.delay)).toBe(true)
          expect(decision.delay).toBeGreaterThanOrEqual(0)
          // With the random part on top of what the server asked for, which is a second at most.
          expect(decision.delay).toBeLessThanOrEqual(Math.max(2 ** 31 - 1, made.maxServerDelay + 1000))
        },
      ),
      { numRuns: 2000 },
    )
  })
})

const event = (at: fc.Arbitrary<number>): fc.Arbitrary<BudgetEvent> =>
  fc.record(
    {
      type: fc.constantFrom('request', 'success', 'failure', 'retry'),
      at,
      category: fc.constantFrom('throttled', 'network', 'gateway', 'client-error'),
      retried: fc.constantFrom('throttled', 'network'),
    },
    { requiredKeys: ['type', 'at'] },
  )

const anyTime = fc.oneof(fc.double(), fc.integer({ min: 0, max: 40_000 }))

describe('any budget, whatever the events and the clock', () => {
  const small = fc.constantFrom<() => Budget>(
    () => ratioBudget({ minRequests: 2 }),
    () => tokenBucket({ capacity: 30 }),
    () => successThrottle(),
  )

  it('has a state without negative numbers that stays within its bounds', () => {
    fc.assert(
      fc.property(small, fc.array(event(anyTime), { maxLength: 60 }), (make, events) => {
        const budget = make()
        let state = budget.initial(0)
        const size = Object.keys(state).length
        const full = Number(state['tokens'] ?? Infinity)
        for (const one of events) {
          state = budget.reduce(state, one)
          expect(Object.keys(state)).toHaveLength(size)
          const { start: _start, ...counts } = state
          expect(Math.min(...Object.values(counts).flat())).toBeGreaterThanOrEqual(0)
          expect(Number(state['tokens'] ?? 0)).toBeLessThanOrEqual(full)
          expect(budget.allows(state, one.at, one.category)).toBeTypeOf('boolean')
        }
      }),
    )
  })

  it('recovers after a jump of the clock to anywhere, and to no time at all', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.constant(Number.NaN)),
        fc.integer({ min: 0, max: 2 ** 42 }),
        fc.boolean(),
        (jump, now, fromStart) => {
          const budget = ratioBudget()
          let state: BudgetState = budget.initial(fromStart ? jump : now)
          for (let i = 0; i < 50; i++) state = budget.reduce(state, { type: i % 2 ? 'retry' : 'request', at: jump })
          for (let i = 0; i < 3; i++) state = budget.reduce(state, { type: 'request', at: now + i * 10_000 })
          expect(budget.allows(state, now + 20_000)).toBe(true)
        },
      ),
    )
  })
})

describe('ratioBudget', () => {
  it('never lets more resends through than its share and its least', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 900 }), asks: fc.integer({ min: 0, max: 3 }) })
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 300, size: 'max' }),
        fc.constantFrom(0.05, 0.1, 0.2, 1),
        fc.integer({ min: 0, max: 3 }),
        (steps, ratio, minRetries) => {
          const window = 10_000
          const budget = ratioBudget({ ratio, window, minRequests: 0, minRetries })
          let state = budget.initial(0)
          let now = 0
          let requests = 0
          let retries = 0
          for (const { wait, asks } of steps) {
            now += wait
            requests++
            state = budget.reduce(state, { type: 'request', at: now })
            for (let ask = 0; ask < asks; ask++) {
              if (!budget.allows(state, now)) continue
              retries++
              state = budget.reduce(state, { type: 'retry', at: now })
            }
          }
          const windows = Math.floor(now / window) + 1
          expect(retries).toBeLessThanOrEqual(ratio * requests + minRetries * windows + 1e-9)
        },
      ),
    )
  })
})
