import { OptionError } from '@fetchstack/options'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constant, decorrelated, delays, exponential, fibonacci, linear, type Schedule } from '../src/index.ts'

const longest = 2_147_483_647
const draw = (value: number) => () => value
const list = (schedule: Schedule, random: number, count = 5): number[] =>
  delays(schedule, { random: draw(random), count })

describe('constant', () => {
  test('is the same before every retry', () => {
    expect(delays(constant(500), { count: 3 })).toEqual([500, 500, 500])
  })

  test('is rounded to whole milliseconds', () => {
    expect(delays(constant(0.6), { count: 1 })).toEqual([1])
  })
})

describe('linear', () => {
  test('grows by the step: 2000 × n, without jitter and without a cap', () => {
    expect(delays(linear(2000), { count: 12 }).slice(-3)).toEqual([20_000, 22_000, 24_000])
  })

  test('takes a cap and jitter', () => {
    expect(list(linear({ step: 100, maxDelay: 250 }), 0.5)).toEqual([100, 200, 250, 250, 250])
    expect(list(linear({ step: 100, jitter: 'equal' }), 0.5, 2)).toEqual([75, 150])
  })
})

describe('exponential', () => {
  test('doubles from 100 ms and is drawn from 0 to the whole wait', () => {
    expect(list(exponential(), 0)).toEqual([0, 0, 0, 0, 0])
    expect(list(exponential(), 0.5)).toEqual([50, 100, 200, 400, 800])
    expect(list(exponential(), 0.999)).toEqual([100, 200, 400, 799, 1598])
  })

  test('ends at 20 s', () => {
    expect(list(exponential({ jitter: 'none' }), 0, 10)).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000,
    ])
  })

  test('takes another start, factor and cap', () => {
    expect(list(exponential({ initialDelay: 10, factor: 3, maxDelay: 500, jitter: 'none' }), 0)).toEqual([
      10, 30, 90, 270, 500,
    ])
  })

  test('a factor of 1 is a constant', () => {
    expect(list(exponential({ factor: 1, jitter: 'none' }), 0, 3)).toEqual([100, 100, 100])
  })

  test('equal jitter is drawn from half the wait to the whole', () => {
    expect(list(exponential({ jitter: 'equal' }), 0, 3)).toEqual([50, 100, 200])
    expect(list(exponential({ jitter: 'equal' }), 0.5, 3)).toEqual([75, 150, 300])
    expect(list(exponential({ jitter: 'equal' }), 0.999, 3)).toEqual([100, 200, 400])
  })

  test('jitter comes after the cap, so that waits at the cap are spread too', () => {
    expect(exponential()(100, 0, draw(0.5))).toBe(10_000)
  })

  test('a start of 0 stays 0, though growth is infinite', () => {
    expect(exponential({ initialDelay: 0 })(1_000_000_000, 0, draw(0.5))).toBe(0)
  })
})

describe('fibonacci', () => {
  test('grows as the numbers do, from 100 ms to 20 s', () => {
    expect(list(fibonacci({ jitter: 'none' }), 0, 15)).toEqual([
      100, 100, 200, 300, 500, 800, 1300, 2100, 3400, 5500, 8900, 14_400, 20_000, 20_000, 20_000,
    ])
  })

  test('is exact for as long as it grows', () => {
    const [first, second, ...rest] = list(fibonacci({ initialDelay: 1, maxDelay: longest, jitter: 'none' }), 0, 47)
    let [before, last] = [first!, second!]
    for (const wait of rest) {
      expect(wait).toBe(Math.min(before + last, longest))
      ;[before, last] = [last, wait]
    }
  })

  test('has full jitter unless told otherwise', () => {
    expect(list(fibonacci(), 0.5)).toEqual([50, 50, 100, 150, 250])
  })
})

describe('decorrelated', () => {
  test('is drawn from the start to three times the wait before', () => {
    expect(list(decorrelated(), 0)).toEqual([100, 100, 100, 100, 100])
    expect(list(decorrelated(), 0.5)).toEqual([200, 350, 575, 913, 1420])
    expect(list(decorrelated(), 0.999, 3)).toEqual([300, 899, 2694])
  })

  test('ends at the cap', () => {
    expect(list(decorrelated({ initialDelay: 50, maxDelay: 1000 }), 0.999, 4)).toEqual([150, 450, 1000, 1000])
  })

  test('a wait before that is not its own is held within its bounds', () => {
    const schedule = decorrelated({ initialDelay: 100, maxDelay: 1000 })
    expect(schedule(2, 0, draw(0.5))).toBe(schedule(2, 100, draw(0.5)))
    expect(schedule(2, Number.MAX_VALUE, draw(0))).toBe(100)
    expect(schedule(2, Infinity, draw(0))).toBe(100)
  })
})

describe('wrong options are refused when the schedule is built', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a negative wait',
      () => constant(-1),
      'constant: ms must be a number of milliseconds from 0 to 2147483647, got -1.',
    ],
    ['NaN', () => constant(Number.NaN), 'constant: ms must be a number of milliseconds from 0 to 2147483647, got NaN.'],
    [
      'a wait that a timer turns into none',
      () => constant(longest + 1),
      'constant: ms must be a number of milliseconds from 0 to 2147483647, got 2147483648.',
    ],
    [
      'a negative step',
      () => linear(-5),
      'linear: step must be a number of milliseconds from 0 to 2147483647, got -5.',
    ],
    [
      'a linear schedule without a step',
      () => linear({} as never),
      'linear: step must be a number of milliseconds from 0 to 2147483647, got undefined.',
    ],
    [
      'no options for a linear schedule',
      () => linear(undefined as never),
      'linear: step must be a number of milliseconds from 0 to 2147483647, got undefined.',
    ],
    [
      'an unknown option',
      () => exponential({ intialDelay: 5 } as never),
      'exponential: unknown option "intialDelay". Did you mean "initialDelay"? It takes: initialDelay, factor, maxDelay, jitter.',
    ],
    [
      'a factor that shrinks',
      () => exponential({ factor: 0.5 }),
      'exponential: factor must be a number of at least 1, got 0.5.',
    ],
    [
      'an infinite cap',
      () => exponential({ maxDelay: Infinity }),
      'exponential: maxDelay must be a number of milliseconds from 100 to 2147483647, got Infinity.',
    ],
    [
      'a start above the cap',
      () => exponential({ initialDelay: 30_000 }),
      'exponential: maxDelay must be a number of milliseconds from 30000 to 2147483647, got 20000.',
    ],
    [
      'an unknown jitter',
      () => exponential({ jitter: 'half' as never }),
      'exponential: jitter must be one of "none", "full", "equal", got "half".',
    ],
    [
      'a factor where there is none',
      () => fibonacci({ factor: 2 } as never),
      'fibonacci: unknown option "factor". It takes: initialDelay, maxDelay, jitter.',
    ],
    [
      'jitter where there is nothing else',
      () => decorrelated({ jitter: 'full' } as never),
      'decorrelated: unknown option "jitter". It takes: initialDelay, maxDelay.',
    ],
    [
      'a cap that linear does not have',
      () => linear({ step: 1, cap: 2 } as never),
      'linear: unknown option "cap". It takes: step, maxDelay, jitter.',
    ],
    [
      'an exponential start below 0',
      () => exponential({ initialDelay: -1 }),
      'exponential: initialDelay must be a number of milliseconds from 0 to 2147483647, got -1.',
    ],
    [
      'a Fibonacci start below 0',
      () => fibonacci({ initialDelay: -1 }),
      'fibonacci: initialDelay must be a number of milliseconds from 0 to 2147483647, got -1.',
    ],
    [
      'a decorrelated start below 0',
      () => decorrelated({ initialDelay: -1 }),
      'decorrelated: initialDelay must be a number of milliseconds from 0 to 2147483647, got -1.',
    ],
    [
      'a decorrelated start above the cap',
      () => decorrelated({ initialDelay: 500, maxDelay: 100 }),
      'decorrelated: maxDelay must be a number of milliseconds from 500 to 2147483647, got 100.',
    ],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(OptionError)
    expect(build).toThrow(message)
  })
})

describe('every schedule', () => {
  const retry = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 1_000_000_000 }))
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const delay = fc.oneof(fc.double({ min: 0, max: 60_000, noNaN: true }), fc.constantFrom(0, 1e-300, longest))
  const jitter = fc.constantFrom('none' as const, 'full' as const, 'equal' as const)
  const bounds = fc.tuple(delay, delay).map(([a, b]) => ({ initialDelay: Math.min(a, b), maxDelay: Math.max(a, b) }))
  const factor = fc.oneof(fc.double({ min: 1, max: 10, noNaN: true }), fc.constant(Number.MAX_VALUE))

  const curves = fc.oneof(
    fc.record({ bounds, factor, jitter }).map((o) => exponential({ ...o.bounds, factor: o.factor, jitter: o.jitter })),
    fc.record({ bounds, jitter }).map((o) => fibonacci({ ...o.bounds, jitter: o.jitter })),
    fc
      .record({ bounds, jitter })
      .map(({ bounds, jitter }) => linear({ step: bounds.initialDelay, maxDelay: bounds.maxDelay, jitter })),
  )

  test('gives whole, finite waits of at least 0 for any retry, wait before and randomness', () => {
    const any = fc.oneof(curves, bounds.map(decorrelated), delay.map(constant))
    const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, -1, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE))
    fc.assert(
      fc.property(any, fc.oneof(retry, number), number, random, (schedule, n, before, value) => {
        const wait = schedule(n, before, draw(value))
        expect(Number.isInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(longest)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['exponential', exponential({ jitter: 'none' })],
    ['fibonacci', fibonacci({ jitter: 'none' })],
    ['linear', linear(2000)],
  ])('%s: what is no number of a retry counts as the first', (_, schedule) => {
    for (const none of [0, -1, -1e9, -Infinity, Number.NaN]) {
      expect(schedule(none, 0, draw(0))).toBe(schedule(1, 0, draw(0)))
    }
  })

  test('stays where it is without growth, and without an end too', () => {
    expect(exponential({ factor: 1, jitter: 'none' })(Infinity, 0, draw(0))).toBe(100)
  })

  test('a wait before that is none counts as the shortest', () => {
    for (const none of [Number.NaN, -1, -Infinity]) expect(decorrelated()(2, none, draw(0.5))).toBe(200)
    expect(decorrelated()(2, Infinity, draw(0.25))).toBe(15_075)
  })

  test('never gives more than its cap, rounded', () => {
    fc.assert(
      fc.property(bounds, jitter, retry, random, (limits, how, n, value) => {
        const cap = Math.round(limits.maxDelay)
        expect(exponential({ ...limits, jitter: how })(n, 0, draw(value))).toBeLessThanOrEqual(cap)
        expect(decorrelated(limits)(n, 1e9, draw(value))).toBeLessThanOrEqual(cap)
      }),
    )
  })

  test('never gets shorter from retry to retry when the randomness stays the same', () => {
    fc.assert(
      fc.property(curves, retry, retry, random, (schedule, a, b, value) => {
        const [early, late] = a < b ? [a, b] : [b, a]
        expect(schedule(late, 0, draw(value))).toBeGreaterThanOrEqual(schedule(early, 0, draw(value)))
      }),
      { numRuns: 1000 },
    )
  })

  test('jitter keeps to its range: full from 0, equal from half the wait, both to the wait', () => {
    fc.assert(
      fc.property(bounds, factor, retry, random, (limits, growth, n, value) => {
        const wait = exponential({ ...limits, factor: growth, jitter: 'none' })(n, 0, draw(value))
        const full = exponential({ ...limits, factor: growth, jitter: 'full' })(n, 0, draw(value))
        const equal = exponential({ ...limits, factor: growth, jitter: 'equal' })(n, 0, draw(value))
        expect(full).toBeLessThanOrEqual(wait)
        expect(equal).toBeLessThanOrEqual(wait)
        expect(equal).toBeGreaterThanOrEqual(Math.floor(wait / 2))
      }),
    )
  })

  test('is pure: the same arguments give the same wait', () => {
    fc.assert(
      fc.property(curves, retry, random, (schedule, n, value) => {
        expect(schedule(n, 0, draw(value))).toBe(schedule(n, 0, draw(value)))
      }),
    )
  })
})
