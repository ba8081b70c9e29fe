import { OptionError } from '@fetchstack/options'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  atLeast,
  capped,
  constant,
  decorrelated,
  delays,
  exponential,
  fibonacci,
  jittered,
  linear,
  type Schedule,
  sequence,
  sum,
} from '../src/index.ts'

const draw = (value: number) => () => value

describe('capped', () => {
  test('holds waits down', () => {
    expect(delays(capped(linear(2000), 5000), { count: 4 })).toEqual([2000, 4000, 5000, 5000])
  })

  test('passes the wait before and the randomness on', () => {
    expect(delays(capped(decorrelated(), 400), { random: draw(0.5), count: 4 })).toEqual([200, 350, 400, 400])
  })
})

describe('atLeast', () => {
  test('holds waits up', () => {
    expect(delays(atLeast(linear(100), 250), { count: 4 })).toEqual([250, 250, 300, 400])
  })

  test('passes the wait before and the randomness on', () => {
    expect(delays(atLeast(decorrelated(), 300), { random: draw(0.5), count: 3 })).toEqual([300, 500, 800])
  })
})

describe('jittered', () => {
  test.each([
    [undefined, [0, 50, 99]],
    ['full' as const, [0, 50, 99]],
    ['equal' as const, [50, 74, 99]],
    ['none' as const, [99, 99, 99]],
  ])('%s', (jitter, expected) => {
    const schedule = jittered(constant(99), jitter)
    expect([0, 0.5, 0.999].map((value) => schedule(1, 0, draw(value)))).toEqual(expected)
  })

  test('takes a function of the wait and the randomness, and rounds what it gives', () => {
    const schedule = jittered(constant(101), (wait, random) => wait * (0.8 + 0.4 * random()))
    expect([0, 0.5, 0.999].map((value) => schedule(1, 0, draw(value)))).toEqual([81, 101, 121])
  })
})

describe('sequence', () => {
  const schedule = sequence([2, constant(0)], [3, linear(10)], exponential({ jitter: 'none' }))

  test('one after another, each counting from 1, the last without end', () => {
    expect(delays(schedule, { count: 9 })).toEqual([0, 0, 10, 20, 30, 100, 200, 400, 800])
  })

  test('is a pure function of the number of the retry', () => {
    expect([9, 1, 6, 3].map((retry) => schedule(retry, 0, draw(0)))).toEqual([800, 0, 100, 10])
  })

  test('no part finds the wait of another before its first', () => {
    const inherits = sequence([1, constant(1000)], decorrelated({ initialDelay: 100, maxDelay: 10_000 }))
    expect(delays(inherits, { random: draw(0.5), count: 3 })).toEqual([1000, 200, 350])
  })

  test('a last schedule alone is that schedule', () => {
    expect(delays(sequence(linear(5)), { count: 3 })).toEqual([5, 10, 15])
  })
})

describe('sum', () => {
  test('adds the waits of all', () => {
    expect(delays(sum(linear(100), constant(7)), { count: 3 })).toEqual([107, 207, 307])
  })

  test("got's schedule: doubling, plus up to 100 ms", () => {
    const got = sum(exponential({ initialDelay: 1000, maxDelay: 60_000, jitter: 'none' }), jittered(constant(100)))
    expect(delays(got, { random: draw(0.5), count: 3 })).toEqual([1050, 2050, 4050])
  })

  test('is never more than a timer can hold', () => {
    expect(sum(constant(2_000_000_000), constant(2_000_000_000))(1, 0, draw(0))).toBe(2_147_483_647)
  })
})

describe('wrong arguments are refused when the schedule is built', () => {
  const none = 5 as never
  const anySequence = sequence as (...parts: unknown[]) => Schedule
  const anySum = sum as (...schedules: unknown[]) => Schedule
  test.each<[string, () => unknown, string]>([
    ['capped', () => capped(none, 5), 'capped: schedule must be a function, got 5.'],
    [
      'capped',
      () => capped(constant(1), -1),
      'capped: maxDelay must be a number of milliseconds from 0 to 2147483647, got -1.',
    ],
    ['atLeast', () => atLeast(none, 5), 'atLeast: schedule must be a function, got 5.'],
    [
      'atLeast',
      () => atLeast(constant(1), Infinity),
      'atLeast: minDelay must be a number of milliseconds from 0 to 2147483647, got Infinity.',
    ],
    ['jittered', () => jittered(none), 'jittered: schedule must be a function, got 5.'],
    [
      'jittered',
      () => jittered(constant(1), 'half' as never),
      'jittered: jitter must be one of "none", "full", "equal", got "half".',
    ],
    [
      'jittered',
      () => jittered(constant(1), (wait) => wait - 2),
      'jittered: jitter(1) must be a number of milliseconds of at least 0, got -1.',
    ],
    ['sequence', () => anySequence(), 'sequence: the last part must be a function, got undefined.'],
    ['sequence', () => anySequence([1, constant(1)]), 'sequence: the last part must be a function, got an array.'],
    [
      'sequence',
      () => anySequence(constant(1), constant(2)),
      'sequence: parts[0] must be a pair: how many retries, and a schedule for them.',
    ],
    [
      'sequence',
      () => sequence([0, constant(1)], constant(2)),
      'sequence: parts[0][0] must be a whole number of at least 1, got 0.',
    ],
    [
      'sequence',
      () => sequence([1, constant(1)], [1, none], constant(2)),
      'sequence: parts[1][1] must be a function, got 5.',
    ],
    ['sum', () => anySum(), 'sum: schedules.length must be a number of at least 1, got 0.'],
    ['sum', () => sum(constant(1), none), 'sum: schedules[1] must be a function, got 5.'],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(OptionError)
    expect(build).toThrow(message)
  })
})

describe('every composed schedule', () => {
  const retry = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1_000_000_000 }))
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, -1, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE))
  const ms = fc.integer({ min: 0, max: 2_147_483_647 })
  const { schedule: any } = fc.letrec<{ schedule: Schedule }>((tie) => ({
    schedule: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(exponential(), exponential({ factor: 1 }), fibonacci(), linear(2000), decorrelated()),
      ms.map(constant),
      fc.tuple(tie('schedule'), ms).map(([schedule, limit]) => capped(schedule, limit)),
      fc.tuple(tie('schedule'), ms).map(([schedule, limit]) => atLeast(schedule, limit)),
      fc
        .tuple(tie('schedule'), fc.constantFrom('none' as const, 'full' as const, 'equal' as const))
        .map(([schedule, jitter]) => jittered(schedule, jitter)),
      fc
        .tuple(fc.integer({ min: 1, max: 10 }), tie('schedule'), tie('schedule'))
        .map(([retries, first, last]) => sequence([retries, first], last)),
      fc.tuple(tie('schedule'), tie('schedule')).map(([a, b]) => sum(a, b)),
    ),
  }))

  test('gives whole, finite waits of at least 0 for any retry, wait before and randomness', () => {
    fc.assert(
      fc.property(any, fc.oneof(retry, number), fc.oneof(ms, number), random, (schedule, n, previous, value) => {
        const wait = schedule(n, previous, draw(value))
        expect(Number.isInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(2_147_483_647)
      }),
      { numRuns: 1000 },
    )
  })

  test('is listed the same for the same seed', () => {
    fc.assert(
      fc.property(any, fc.nat(), (schedule, seed) => {
        expect(delays(schedule, { seed })).toEqual(delays(schedule, { seed }))
      }),
    )
  })
})
