import { describe, expect, it } from 'vitest'
import {
  type Budget,
  type BudgetEvent,
  type BudgetState,
  ratioBudget,
  successThrottle,
  tokenBucket,
} from '../src/index.ts'

type Step = readonly [type: BudgetEvent['type'], at: number, more?: Partial<BudgetEvent>]

function after(budget: Budget, steps: readonly Step[], start: BudgetState = budget.initial(0)): BudgetState {
  return steps.reduce((state, [type, at, more]) => budget.reduce(state, { type, at, ...more }), start)
}

const times = (count: number, step: Step): readonly Step[] => Array.from({ length: count }, () => step)

describe('ratioBudget', () => {
  const budget = ratioBudget()

  it('refuses nothing below 10 requests in the window', () => {
    const nine = after(budget, [...times(9, ['request', 0]), ...times(50, ['retry', 0])])
    expect(budget.allows(nine, 0)).toBe(true)
    expect(budget.allows(after(budget, [['request', 0]], nine), 0)).toBe(false)
  })

  it('allows one resend for ten requests', () => {
    const twenty = after(budget, times(20, ['request', 0]))
    expect(budget.allows(twenty, 0)).toBe(true)
    expect(budget.allows(after(budget, [['retry', 0]], twenty), 0)).toBe(true)
    expect(budget.allows(after(budget, times(2, ['retry', 0]), twenty), 0)).toBe(false)
  })

  it('allows `minRetries` in a window whatever the ratio', () => {
    const strict = ratioBudget({ ratio: 0, minRequests: 0 })
    expect(strict.allows(strict.initial(0), 0)).toBe(true)
    expect(strict.allows(after(strict, [['retry', 0]]), 0)).toBe(false)
    const none = ratioBudget({ ratio: 0, minRequests: 0, minRetries: 0 })
    expect(none.allows(none.initial(0), 0)).toBe(false)
  })

  it('adds a reserve per second: ten deposits at 20 % and 10 a second are two resends and a hundred', () => {
    const finagle = ratioBudget({ ratio: 0.2, reserve: 10, minRequests: 0, minRetries: 0 })
    const ten = after(finagle, times(10, ['request', 0]))
    expect(finagle.allows(after(finagle, times(101, ['retry', 0]), ten), 0)).toBe(true)
    expect(finagle.allows(after(finagle, times(102, ['retry', 0]), ten), 0)).toBe(false)
  })

  it('forgets what leaves the window, bit by bit', () => {
    const full = after(budget, [...times(100, ['request', 0]), ...times(10, ['retry', 0])])
    expect(budget.allows(full, 9_999)).toBe(false)
    // Half of the window before is still in view: 50 + 10 requests, 5 resends.
    const next = after(budget, times(10, ['request', 10_000]), full)
    expect(budget.allows(next, 15_000)).toBe(true)
    expect(budget.allows(after(budget, [['retry', 15_000]], next), 15_000)).toBe(false)
    expect(after(budget, [['request', 20_000]], full)).toEqual(
      after(budget, [['request', 20_000]], budget.initial(20_000)),
    )
  })

  it('lets requests count for less as they leave the window', () => {
    const strict = ratioBudget({ minRequests: 0, minRetries: 0 })
    const twenty = after(strict, times(20, ['request', 0]))
    expect(strict.allows(twenty, 15_000)).toBe(true)
    expect(strict.allows(after(strict, [['retry', 15_000]], twenty), 15_000)).toBe(false)
    expect(strict.allows(twenty, 15_001)).toBe(false)
  })

  it('keeps its counts when the clock goes back, and goes on from there', () => {
    const state = after(budget, times(20, ['request', 1_000_000]), budget.initial(1_000_000))
    const back = after(budget, [['request', 5]], state)
    expect(back).toMatchObject({ start: 5, current: [21, 0] })
    expect(budget.allows(state, 5)).toBe(true)
    expect(after(budget, [['request', 10_005]], back)).toMatchObject({ start: 10_005, current: [1, 0], last: [21, 0] })
  })

  it('gives back the same object when nothing changed', () => {
    const state = budget.initial(0)
    expect(
      after(
        budget,
        [
          ['success', 1],
          ['failure', 1],
        ],
        state,
      ),
    ).toBe(state)
  })

  it('is plain state', () => {
    const state = after(budget, [
      ['request', 3],
      ['retry', 4],
    ])
    expect(JSON.parse(JSON.stringify(state))).toEqual({ start: 0, current: [1, 1], last: [0, 0] })
  })
})

describe('tokenBucket', () => {
  it('takes 14 for a transient failure and 5 for a throttled one, out of 500', () => {
    const budget = tokenBucket()
    expect(budget.initial(0)).toEqual({ tokens: 500 })
    expect(after(budget, [['retry', 0, { category: 'network' }]])).toEqual({ tokens: 486 })
    expect(after(budget, [['retry', 0, { category: 'throttled' }]])).toEqual({ tokens: 495 })
    expect(after(budget, [['retry', 0]])).toEqual({ tokens: 486 })
  })

  it('refuses what it has no tokens for', () => {
    const budget = tokenBucket()
    const low = after(budget, times(35, ['retry', 0]))
    expect(low).toEqual({ tokens: 10 })
    expect(budget.allows(low, 0, 'gateway')).toBe(false)
    expect(budget.allows(low, 0, 'throttled')).toBe(true)
    expect(after(budget, [['retry', 0]], low)).toEqual({ tokens: 0 })
    const last = { tokens: 5 }
    expect(budget.allows(last, 0, 'throttled')).toBe(true)
  })

  it('gives back the last resend’s cost after a success, and 1 for a success at once', () => {
    const budget = tokenBucket({ capacity: 100, costs: { transient: 20, throttled: 10 }, refill: 2 })
    const low = after(budget, times(4, ['retry', 0]))
    expect(low).toEqual({ tokens: 20 })
    expect(after(budget, [['success', 0]], low)).toEqual({ tokens: 22 })
    expect(after(budget, [['success', 0, { retried: 'gateway' }]], low)).toEqual({ tokens: 40 })
    expect(after(budget, [['success', 0, { retried: 'throttled' }]], low)).toEqual({ tokens: 30 })
    expect(after(budget, times(9, ['success', 0, { retried: 'gateway' }]), low)).toEqual({ tokens: 100 })
  })

  it('gives back the same object when nothing changed', () => {
    const budget = tokenBucket()
    const full = budget.initial(0)
    expect(
      after(
        budget,
        [
          ['success', 0],
          ['request', 0],
          ['failure', 0],
        ],
        full,
      ),
    ).toBe(full)
  })
})

describe('successThrottle', () => {
  const budget = successThrottle()

  it('allows resends while more than half of the tokens are there', () => {
    expect(budget.allows(after(budget, times(4, ['failure', 0])), 0)).toBe(true)
    expect(budget.allows(after(budget, times(5, ['failure', 0])), 0)).toBe(false)
  })

  it('gets a tenth of a token from a success, up to the most', () => {
    const five = after(budget, times(5, ['failure', 0]))
    expect(after(budget, [['success', 0]], five)).toEqual({ tokens: 5.1 })
    expect(after(budget, times(60, ['success', 0]), five)).toEqual({ tokens: 10 })
  })

  it('does not count failures that are the request’s own fault', () => {
    const state = budget.initial(0)
    for (const category of ['client-error', 'auth', 'conflict', 'config', 'aborted', 'redirect'] as const) {
      expect(after(budget, [['failure', 0, { category }]], state)).toBe(state)
    }
    expect(after(budget, [['failure', 0, { category: 'gateway' }]], state)).toEqual({ tokens: 9 })
  })

  it('stays at 0', () => {
    expect(after(budget, times(99, ['failure', 0]))).toEqual({ tokens: 0 })
  })

  it('gives back the same object when nothing changed', () => {
    const state = budget.initial(0)
    expect(
      after(
        budget,
        [
          ['success', 0],
          ['request', 0],
          ['retry', 0],
        ],
        state,
      ),
    ).toBe(state)
  })
})

describe('names, for messages', () => {
  it.each([
    [ratioBudget({ ratio: 0.2, window: 500 }), 'ratio(0.2, 0.5 s)'],
    [tokenBucket(), 'tokens(500)'],
    [successThrottle(), 'success(10, 0.1)'],
  ])('%o is %s', ({ name }, expected) => {
    expect(name).toBe(expected)
  })
})

describe('wrong options', () => {
  it.each<[string, () => unknown]>([
    ['ratio', () => ratioBudget({ ratio: -1 })],
    ['ratio', () => ratioBudget({ ratio: Number.NaN })],
    ['window', () => ratioBudget({ window: 0 })],
    ['minRequests', () => ratioBudget({ minRequests: Infinity })],
    ['minRetries', () => ratioBudget({ minRetries: -1 })],
    ['reserve', () => ratioBudget({ reserve: '1' as never })],
    ['rate', () => ratioBudget({ rate: 1 } as never)],
    ['capacity', () => tokenBucket({ capacity: 0 })],
    ['refill', () => tokenBucket({ refill: 0 })],
    ['costs.transient', () => tokenBucket({ capacity: 10 })],
    ['costs.throttled', () => tokenBucket({ costs: { throttled: -1 } })],
    ['costs.throttled', () => tokenBucket({ costs: { throttled: 501 } })],
    ['timeout', () => tokenBucket({ costs: { timeout: 10 } } as never)],
    ['size', () => tokenBucket({ size: 10 } as never)],
    ['maxTokens', () => successThrottle({ maxTokens: 0 })],
    ['maxTokens', () => successThrottle({ maxTokens: 1001 })],
    ['tokenRatio', () => successThrottle({ tokenRatio: 0 })],
    ['ratio', () => successThrottle({ ratio: 0 } as never)],
  ])('%s', (option, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option }))
  })
})

describe('what is counted', () => {
  const failed = (category?: BudgetEvent['category']): unknown =>
    after(successThrottle(), [['failure', 0, category === undefined ? {} : { category }]])

  it.each(['throttled', 'overloaded', 'server-error', 'gateway', 'network', 'timeout', 'unknown', undefined] as const)(
    'successThrottle: %s takes a token',
    (category) => {
      expect(failed(category)).toEqual({ tokens: 9 })
    },
  )

  it.each(['client-error', 'auth', 'conflict', 'aborted', 'config'] as const)(
    'successThrottle: %s is the own fault of the request, and takes none',
    (category) => {
      expect(failed(category)).toEqual({ tokens: 10 })
    },
  )

  it('only a success gives tokens back', () => {
    const throttle = successThrottle()
    const low = after(throttle, times(5, ['failure', 0]))
    expect(
      after(
        throttle,
        [
          ['request', 0],
          ['retry', 0],
        ],
        low,
      ),
    ).toEqual({ tokens: 5 })
    expect(after(throttle, [['success', 0]], low)).toEqual({ tokens: 5.1 })
    const bucket = tokenBucket()
    const less = after(bucket, [['retry', 0]])
    expect(
      after(
        bucket,
        [
          ['request', 0],
          ['failure', 0],
        ],
        less,
      ),
    ).toEqual({ tokens: 486 })
    expect(after(bucket, [['success', 0]], less)).toEqual({ tokens: 487 })
  })
})
