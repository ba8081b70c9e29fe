import { describe, expect, it } from 'vitest'
import { type Budget, decide, policy } from '../src/index.ts'
import { facts, hint, verdict, verdicts } from './facts.ts'

const plain = policy({ schedule: () => 100, throttledSchedule: () => 1000, transparentRetries: 0, spread: 0 })
const POST = { method: 'POST' }
const keyed = { method: 'POST', idempotencyKey: true }

describe('outcomes that are handed on', () => {
  it('accepts a success', () => {
    expect(decide(plain, facts(verdicts.ok))).toEqual({
      action: 'accept',
      reason: 'success',
      trail: ['Attempt 1 of 3: 200, success.', 'Decision: accept, success.'],
    })
  })

  it('accepts a redirect', () => {
    expect(decide(plain, facts(verdicts.moved))).toMatchObject({ action: 'accept', reason: 'redirect' })
  })

  it('gives up on an abort before it looks at anything else', () => {
    const stubborn = policy({ rules: [() => 'retry'] })
    expect(decide(stubborn, facts({ ...verdicts.aborted, directive: 'go' }))).toMatchObject({
      action: 'give-up',
      reason: 'aborted',
    })
  })

  it('calls an abort within the millisecond before the deadline a timeout, since timers may be that early', () => {
    expect(decide(plain, facts(verdicts.aborted, { now: 9, deadline: 10 })).reason).toBe('total-timeout')
  })

  it('calls an abort after the deadline what it is', () => {
    expect(decide(plain, facts(verdicts.aborted, { now: 10, deadline: 10 })).reason).toBe('total-timeout')
    expect(decide(plain, facts(verdicts.aborted, { now: 8, deadline: 10 })).reason).toBe('aborted')
  })
})

describe('reasons to resend', () => {
  it.each([
    ['transient-status', verdicts.internal, {}],
    ['transient-status', verdicts.requestTimeout, {}],
    ['throttled', verdicts.throttled, {}],
    ['overloaded', verdicts.unavailable, {}],
    ['network-unprocessed', verdicts.refused, {}],
    ['network-unprocessed', verdict('gateway', { processed: 'no', retry: 'any' }), {}],
    ['network-idempotent', verdicts.reset, {}],
    ['attempt-timeout', verdicts.timeout, {}],
    ['idempotency-conflict', verdicts.conflict, keyed],
    ['server-said-go', { ...verdicts.badRequest, directive: 'go' }, {}],
  ] as const)('%s', (reason, found, request) => {
    expect(decide(plain, facts(found, { request }))).toMatchObject({ action: 'retry', reason })
  })
})

describe('reasons to stop', () => {
  it.each([
    ['server-said-stop', { ...verdicts.unavailable, directive: 'stop' }],
    ['not-retryable-status', verdicts.badRequest],
    ['not-retryable-status', verdicts.unauthorized],
    ['not-retryable-status', verdicts.tooLarge],
    ['not-retryable-status', verdicts.conflict],
    ['not-retryable-status', { ...verdicts.unavailable, durability: 'permanent' }],
    ['permanent-error', verdicts.badPort],
    ['permanent-error', verdict('unknown', { retry: 'modify' })],
  ] as const)('%s', (reason, found) => {
    const { action, reason: given, delay } = decide(plain, facts(found))
    expect({ action, given, delay }).toEqual({ action: 'give-up', given: reason, delay: undefined })
  })

  it('resends a `hint` status only when the server says when, or says go', () => {
    expect(decide(plain, facts(verdicts.tooLarge, { hint: hint(10) })).action).toBe('retry')
    expect(decide(plain, facts(verdicts.tooLarge, { hint: { ...hint(0), delay: undefined } })).action).toBe('give-up')
    expect(decide(plain, facts({ ...verdicts.tooLarge, directive: 'go' })).reason).toBe('server-said-go')
  })

  it('does not resend a 409 without an Idempotency-Key, whatever the server says of the time', () => {
    expect(decide(plain, facts(verdicts.conflict, { hint: hint(10) })).reason).toBe('not-retryable-status')
  })
})

describe('methods', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY', 'get'])('%s is resent', (method) => {
    expect(decide(plain, facts(verdicts.internal, { request: { method } })).action).toBe('retry')
  })

  it.each(['POST', 'PATCH', 'PURGE', ''])('%s is not resent when it may have been processed', (method) => {
    expect(decide(plain, facts(verdicts.internal, { request: { method } })).reason).toBe('unsafe-method')
  })

  it('resends any method with an Idempotency-Key', () => {
    expect(decide(plain, facts(verdicts.internal, { request: keyed })).reason).toBe('transient-status')
  })

  it('resends any method that was not processed', () => {
    expect(decide(plain, facts(verdicts.throttled, { request: POST })).action).toBe('retry')
    expect(decide(plain, facts(verdicts.tooLarge, { request: POST, hint: hint(1) })).action).toBe('retry')
  })

  it('asks for an idempotent method where the verdict does, even beside `processed: no`', () => {
    const doubtful = verdict('server-error', { status: 540, processed: 'no', retry: 'idempotent' })
    expect(decide(plain, facts(doubtful, { request: POST })).reason).toBe('unsafe-method')
  })

  it('resends any method when the server says go', () => {
    expect(decide(plain, facts({ ...verdicts.internal, directive: 'go' }, { request: POST })).reason).toBe(
      'server-said-go',
    )
  })

  it('goes by the policy’s own list of methods', () => {
    const own = policy({ idempotentMethods: ['post'] })
    expect(decide(own, facts(verdicts.internal, { request: POST })).action).toBe('retry')
    expect(decide(own, facts(verdicts.internal)).reason).toBe('unsafe-method')
  })
})

describe('a rule’s allow', () => {
  const allowing = policy({ schedule: () => 100, rules: [() => 'allow'] })

  it('opens the classification, and says so where it would have been closed', () => {
    expect(decide(allowing, facts(verdicts.badRequest)).reason).toBe('rule-said-retry')
    expect(decide(allowing, facts(verdicts.badPort)).reason).toBe('rule-said-retry')
    expect(decide(allowing, facts(verdicts.conflict)).reason).toBe('rule-said-retry')
    expect(decide(allowing, facts(verdicts.internal)).reason).toBe('transient-status')
  })

  it('leaves the method gate and the server’s stop as they are', () => {
    expect(decide(allowing, facts(verdicts.internal, { request: POST })).reason).toBe('unsafe-method')
    expect(decide(allowing, facts({ ...verdicts.unavailable, directive: 'stop' })).reason).toBe('server-said-stop')
  })

  it('lifts the cap of a verdict', () => {
    const handshake = verdict('gateway', { status: 525, processed: 'no', retry: 'any', maxRetries: 1 })
    expect(decide(policy(), facts(handshake, { attempt: 2 })).reason).toBe('attempts-exhausted')
    expect(decide(allowing, facts(handshake, { attempt: 2 })).action).toBe('retry')
  })

  it('keeps the transparent resend', () => {
    expect(decide(allowing, facts(verdicts.refused)).reason).toBe('transparent')
  })
})

describe('statuses of the policy', () => {
  it('adds a status without opening the method gate', () => {
    const more = policy({ statuses: { add: [404, 409, 500] } })
    const missing = verdict('client-error', { status: 404, durability: 'permanent', processed: 'yes', retry: 'never' })
    expect(decide(more, facts(missing))).toMatchObject({ action: 'retry', reason: 'rule-said-retry' })
    expect(decide(more, facts(verdicts.conflict)).action).toBe('retry')
    expect(decide(more, facts(verdicts.internal, { request: POST })).reason).toBe('unsafe-method')
    expect(decide(more, facts(verdicts.unavailable)).reason).toBe('overloaded')
  })

  it('removes a status, even when the server says go', () => {
    const fewer = policy({ statuses: { remove: [503] } })
    expect(decide(fewer, facts({ ...verdicts.unavailable, directive: 'go' })).reason).toBe('not-retryable-status')
    expect(decide(fewer, facts(verdicts.internal)).action).toBe('retry')
  })

  it('takes `only` as the whole list of statuses, and leaves errors alone', () => {
    const own = policy({ statuses: { only: [503], add: [500] } })
    expect(decide(own, facts(verdicts.unavailable)).reason).toBe('overloaded')
    expect(decide(own, facts(verdicts.internal)).reason).toBe('transient-status')
    expect(decide(own, facts(verdicts.throttled)).reason).toBe('not-retryable-status')
    expect(decide(own, facts(verdicts.reset)).action).toBe('retry')
    expect(decide(policy({ statuses: { only: [] } }), facts(verdicts.unavailable)).action).toBe('give-up')
  })

  it('lets the server’s stop and the user’s rules stand above them', () => {
    const more = policy({
      statuses: { add: [503], remove: [500] },
      rules: [({ attempt }) => (attempt > 1 ? 'retry' : undefined)],
    })
    expect(decide(more, facts({ ...verdicts.unavailable, directive: 'stop' })).reason).toBe('server-said-stop')
    expect(decide(more, facts(verdicts.internal)).reason).toBe('not-retryable-status')
    expect(decide(more, facts(verdicts.internal, { attempt: 2 })).reason).toBe('rule-said-retry')
  })
})

describe('rules', () => {
  const always = policy({ ...plain, rules: [() => 'retry'], budget: false })

  it('asks them in order, up to the first that has a word', () => {
    const asked: number[] = []
    const three = policy({
      ...plain,
      rules: [
        () => void asked.push(1),
        () => {
          asked.push(2)
          return 'stop'
        },
        () => {
          asked.push(3)
          return 'retry'
        },
      ],
    })
    expect(decide(three, facts(verdicts.internal)).trail).toEqual([
      'Attempt 1 of 3: 500, server-error.',
      'Rule 2 says stop.',
      'Decision: give up, rule said stop.',
    ])
    expect(asked).toEqual([1, 2])
  })

  it('falls back to the policy when no rule has a word', () => {
    expect(decide(policy({ rules: [() => undefined] }), facts(verdicts.internal)).reason).toBe('transient-status')
  })

  it('notes what is no word for it, and passes on to the next rule', () => {
    const odd = policy({ ...plain, rules: [() => true as never, () => 'stop'] })
    expect(decide(odd, facts(verdicts.internal)).trail.slice(1)).toEqual([
      'Rule 1 says true.',
      'Rule 2 says stop.',
      'Decision: give up, rule said stop.',
    ])
    expect(decide(policy({ rules: [() => true as never] }), facts(verdicts.badRequest)).action).toBe('give-up')
  })

  it('does not ask them about a success', () => {
    expect(decide(always, facts(verdicts.ok)).action).toBe('accept')
  })

  it.each([
    ['the classification', facts(verdicts.badRequest)],
    ['a permanent error', facts(verdicts.badPort)],
    ['the server’s word', facts({ ...verdicts.unavailable, directive: 'stop' })],
    ['the method', facts(verdicts.internal, { request: POST })],
    ['a verdict’s cap', facts(verdicts.notFoundName, { attempt: 2 })],
  ])('puts a rule’s retry above %s', (_name, given) => {
    expect(decide(always, given)).toMatchObject({ action: 'retry', reason: 'rule-said-retry', delay: 100 })
  })

  it.each([
    ['body-not-replayable', { request: { replay: 'never' } }],
    ['attempts-exhausted', { attempt: 3 }],
    ['server-delay-too-long', { hint: hint(60_001) }],
    ['deadline-before-delay', { deadline: 100 }],
    ['total-timeout', { deadline: 0 }],
    ['breaker-open', { breakerOpen: true }],
  ] as const)('does not put it above safety: %s', (reason, parts) => {
    expect(decide(always, facts(verdicts.internal, parts))).toMatchObject({ action: 'give-up', reason })
  })

  it('takes the schedule’s wait instead of a transparent resend', () => {
    const both = policy({ schedule: () => 2000, rules: [() => 'retry'], transparentRetries: 1 })
    expect(decide(both, facts(verdicts.refused))).toMatchObject({ reason: 'rule-said-retry', delay: 2000 })
  })
})

describe('transparent resend', () => {
  const once = policy({ schedule: () => 100, budget: false })

  it('is at once, before method, attempts and budget', () => {
    const empty = policy({ schedule: () => 100, budget: refusing })
    expect(decide(empty, facts(verdicts.refused, { attempt: 3, request: POST, budget: {} }))).toEqual({
      action: 'retry',
      reason: 'transparent',
      delay: 0,
      delaySource: 'transparent',
      trail: ['Attempt 3 of 3: ECONNREFUSED, network.', 'Decision: retry, transparent.'],
    })
  })

  it('comes as often as the policy says', () => {
    expect(decide(once, facts(verdicts.refused, { transparentRetries: 1 }))).toMatchObject({
      reason: 'network-unprocessed',
      delay: 100,
    })
    expect(decide(policy({ transparentRetries: 2 }), facts(verdicts.refused, { transparentRetries: 1 })).reason).toBe(
      'transparent',
    )
  })

  it.each([
    ['the request may have been processed', verdicts.reset, {}, 'network-idempotent'],
    ['the failure may last', verdicts.notFoundName, {}, 'network-unprocessed'],
    ['it was a response', { ...verdicts.throttled }, {}, 'throttled'],
    ['the body is gone', verdicts.refused, { request: { replay: 'never' } }, 'body-not-replayable'],
    ['the deadline has passed', verdicts.refused, { deadline: 0 }, 'total-timeout'],
    ['the breaker is open', verdicts.refused, { breakerOpen: true }, 'breaker-open'],
    ['the verdict’s cap is reached', { ...verdicts.refused, maxRetries: 1 }, { attempt: 2 }, 'attempts-exhausted'],
  ] as const)('does not come when %s', (_name, found, parts, reason) => {
    expect(decide(once, facts(found, parts)).reason).toBe(reason)
  })

  it('does not come when there is to be one attempt', () => {
    expect(decide(policy({ maxAttempts: 1 }), facts(verdicts.refused)).reason).toBe('attempts-exhausted')
  })

  it('counts against the cap of a verdict', () => {
    const refusedStream = { ...verdicts.refused, maxRetries: 1 }
    expect(decide(once, facts(refusedStream)).reason).toBe('transparent')
    expect(decide(once, facts(refusedStream, { transparentRetries: 1 })).reason).toBe('attempts-exhausted')
  })
})

describe('limits', () => {
  it('stops at the last attempt', () => {
    expect(decide(plain, facts(verdicts.internal, { attempt: 2 })).action).toBe('retry')
    expect(decide(plain, facts(verdicts.internal, { attempt: 3 })).reason).toBe('attempts-exhausted')
    expect(decide(plain, facts(verdicts.internal, { attempt: 4 })).reason).toBe('attempts-exhausted')
  })

  it('goes on for ever when told so', () => {
    const endless = policy({ ...plain, maxAttempts: Infinity })
    expect(decide(endless, facts(verdicts.internal, { attempt: 1000 })).action).toBe('retry')
  })

  it('stops at the cap of a verdict', () => {
    expect(decide(plain, facts(verdicts.notFoundName)).action).toBe('retry')
    expect(decide(plain, facts(verdicts.notFoundName, { attempt: 2 })).reason).toBe('attempts-exhausted')
  })

  it('refuses a body that can be read only once', () => {
    expect(decide(plain, facts(verdicts.internal, { request: { replay: 'never' } })).reason).toBe('body-not-replayable')
    expect(decide(plain, facts(verdicts.internal, { request: { replay: 'clone' } })).action).toBe('retry')
  })

  it('gives up before a wait that ends at the deadline or after it', () => {
    expect(decide(plain, facts(verdicts.internal, { now: 50, deadline: 151 })).action).toBe('retry')
    expect(decide(plain, facts(verdicts.internal, { now: 50, deadline: 150 })).reason).toBe('deadline-before-delay')
    expect(decide(plain, facts(verdicts.internal, { now: 150, deadline: 150 })).reason).toBe('total-timeout')
  })

  it('gives up while the breaker is open', () => {
    expect(decide(plain, facts(verdicts.internal, { breakerOpen: true })).reason).toBe('breaker-open')
  })

  it('asks the budget last, with the time and the category', () => {
    const asked: unknown[] = []
    const budget: Budget = { ...refusing, allows: (...args) => asked.push(args) > 1 }
    const tight = policy({ ...plain, budget })
    const given = facts(verdicts.throttled, { now: 7, budget: { tokens: 1 } })
    expect(decide(tight, given)).toMatchObject({ action: 'give-up', reason: 'budget-exhausted' })
    expect(decide(tight, given).action).toBe('retry')
    expect(asked).toEqual([
      [{ tokens: 1 }, 7, 'throttled'],
      [{ tokens: 1 }, 7, 'throttled'],
    ])
    decide(tight, { ...given, attempt: 3 })
    expect(asked).toHaveLength(2)
  })

  it('refuses nothing for a budget of which no state is given', () => {
    expect(decide(policy({ budget: refusing }), facts(verdicts.internal)).action).toBe('retry')
    expect(decide(policy({ budget: false }), facts(verdicts.internal, { budget: {} })).action).toBe('retry')
  })
})

describe('waits', () => {
  it('asks the schedule for the retry that comes next, with the wait before', () => {
    const asked: unknown[] = []
    const watched = policy({ schedule: (...args) => asked.push(args.slice(0, 2)) })
    asked.length = 0
    decide(watched, facts(verdicts.internal, { attempt: 2, previousBackoff: 300 }))
    decide(watched, facts(verdicts.internal))
    expect(asked).toEqual([
      [2, 300],
      [1, 0],
    ])
  })

  it('has a schedule of its own for throttled outcomes', () => {
    expect(decide(plain, facts(verdicts.throttled)).delay).toBe(1000)
    expect(decide(plain, facts(verdicts.unavailable)).delay).toBe(100)
  })

  it('takes the server’s wait as a floor, and says from whom the wait is', () => {
    expect(decide(plain, facts(verdicts.unavailable, { now: 5, hint: hint(2000) }))).toMatchObject({
      delay: 2000,
      delaySource: 'server',
      backoff: 100,
      retryAt: 2005,
    })
    expect(decide(plain, facts(verdicts.unavailable, { now: 5, hint: hint(50) }))).toMatchObject({
      delay: 100,
      delaySource: 'backoff',
      backoff: 100,
      retryAt: 55,
    })
    expect(decide(plain, facts(verdicts.unavailable, { hint: hint(100) }))).toMatchObject({ delaySource: 'backoff' })
    expect(decide(plain, facts(verdicts.unavailable, { hint: hint(0) }))).toMatchObject({ delay: 100, retryAt: 0 })
    expect(decide(plain, facts(verdicts.unavailable))).not.toHaveProperty('retryAt')
  })

  it.each([-1, Number.NaN, Infinity])('passes over a hint of %d ms', (delay) => {
    const decision = decide(plain, facts(verdicts.unavailable, { hint: hint(delay) }))
    expect(decision).toMatchObject({ delay: 100, delaySource: 'backoff' })
    expect(decision).not.toHaveProperty('retryAt')
  })

  it('adds a share of the server’s wait, at most a second', () => {
    const spreading = policy({ schedule: () => 0, spread: 0.1 })
    expect(decide(spreading, facts(verdicts.unavailable, { hint: hint(2000) })).delay).toBe(2100)
    expect(decide(spreading, facts(verdicts.unavailable, { hint: hint(50_000) })).delay).toBe(50_500)
    expect(decide(spreading, facts(verdicts.unavailable, { hint: hint(2000), random: () => 0 })).delay).toBe(2000)
    expect(decide(spreading, facts(verdicts.unavailable)).delay).toBe(0)
  })

  it('rounds up, since timers cut fractions off', () => {
    expect(decide(plain, facts(verdicts.unavailable, { hint: hint(1500.2) })).delay).toBe(1501)
  })

  it('gives up at once when the server asks for too long, and says when it is ready', () => {
    expect(decide(plain, facts(verdicts.unavailable, { now: 1, hint: hint(60_000) })).action).toBe('retry')
    expect(decide(plain, facts(verdicts.unavailable, { now: 1, hint: hint(60_001) }))).toEqual({
      action: 'give-up',
      reason: 'server-delay-too-long',
      retryAt: 60_002,
      trail: [
        'Attempt 1 of 3: 503, overloaded.',
        'GET is idempotent.',
        'Wait 60001 ms: backoff 100, server 60001.',
        'Decision: give up, server delay too long.',
      ],
    })
  })

  it('says when the server is ready whatever the reason to give up', () => {
    expect(decide(plain, facts(verdicts.unavailable, { attempt: 3, hint: hint(9) }))).toMatchObject({
      reason: 'attempts-exhausted',
      retryAt: 9,
    })
  })

  it.each([
    [Number.NaN, 0],
    [-5, 0],
    [Infinity, 2 ** 31 - 1],
  ])('survives a schedule that turns out to give %d', (wait, delay) => {
    const turning = policy({ ...plain, schedule: (retry) => (retry === 1_000_003 ? wait : 1), maxAttempts: Infinity })
    expect(decide(turning, facts(verdicts.internal, { attempt: 1_000_003 })).delay).toBe(delay)
  })
})

describe('the trail', () => {
  it('has one sentence for each step that was passed', () => {
    const given = facts(verdicts.unavailable, { hint: hint(2000), request: keyed, budget: { tokens: 0 } })
    expect(decide(policy({ ...plain, budget: { ...refusing, allows: () => true } }), given).trail).toEqual([
      'Attempt 1 of 3: 503, overloaded.',
      'It has an Idempotency-Key.',
      'Wait 2000 ms: backoff 100, server 2000.',
      'Decision: retry, overloaded.',
    ])
  })

  it('names an error that has no code', () => {
    expect(decide(plain, facts(verdicts.timeout)).trail[0]).toBe('Attempt 1 of 3: error, timeout.')
  })
})

const refusing: Budget = { name: 'none', initial: () => ({}), reduce: (state) => state, allows: () => false }

describe('a verdict of readers of one’s own', () => {
  it('that says never or modify is not resent because the server names a time', () => {
    for (const retry of ['never', 'modify'] as const) {
      const found = verdict('server-error', { status: 507, retry })
      expect(decide(plain, facts(found, { hint: hint(1000) }))).toMatchObject({ reason: 'not-retryable-status' })
    }
  })

  it('that says any is enough for any method, whatever it says of the processing', () => {
    const found = verdict('server-error', { status: 500, retry: 'any', processed: 'maybe' })
    expect(decide(plain, facts(found, { request: POST })).action).toBe('retry')
  })

  it('that may have been processed is no reason to resend a POST when the server names a time', () => {
    const found = verdict('server-error', { status: 507, retry: 'hint', processed: 'maybe' })
    expect(decide(plain, facts(found, { request: POST, hint: hint(1000) })).reason).toBe('unsafe-method')
  })
})

describe('the trail says why a resend does no harm', () => {
  it.each([
    ['The server says to resend.', { ...verdicts.internal, directive: 'go' as const }, POST],
    ['GET is idempotent.', verdicts.internal, {}],
    ['It has an Idempotency-Key.', verdicts.internal, keyed],
    ['It was not processed.', verdicts.throttled, POST],
  ])('%s', (sentence, found, request) => {
    expect(decide(plain, facts(found, { request })).trail[1]).toBe(sentence)
  })

  it('and names the wait of the server only where there is one', () => {
    expect(decide(plain, facts(verdicts.internal)).trail[2]).toBe('Wait 100 ms: backoff 100.')
    expect(decide(plain, facts(verdicts.internal, { hint: hint(500) })).trail[2]).toBe(
      'Wait 500 ms: backoff 100, server 500.',
    )
  })
})
