import { OptionError } from '@fetchstack/options'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSchedule, constant, decorrelated, delays, exponential, linear, seededRandom } from '../src/index.ts'

describe('delays', () => {
  test('lists ten waits unless told otherwise', () => {
    expect(delays(linear(1))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(delays(linear(1), { count: 0 })).toEqual([])
  })

  test('the same seed gives the same list, on every platform', () => {
    expect(delays(exponential(), { seed: 42, count: 4 })).toEqual([60, 90, 341, 536])
    expect(delays(exponential(), { seed: 42 })).toEqual(delays(exponential(), { seed: 42 }))
    expect(delays(exponential(), { seed: 43 })).not.toEqual(delays(exponential(), { seed: 42 }))
  })

  test('is deterministic without a seed, too', () => {
    expect(delays(exponential())).toEqual(delays(exponential(), { seed: 0 }))
  })

  test('takes a source of randomness instead of a seed', () => {
    expect(delays(exponential(), { random: () => 0.5, count: 3 })).toEqual([50, 100, 200])
  })

  test('gives each retry its number, the wait before and the randomness', () => {
    const calls: unknown[][] = []
    const random = () => 0.5
    const schedule = (...args: [number, number, () => number]) => {
      calls.push(args)
      return args[0] * 10
    }
    delays(schedule, { random, count: 3 })
    expect(calls.slice(-3)).toEqual([
      [1, 0, random],
      [2, 10, random],
      [3, 20, random],
    ])
  })

  test('follows a schedule that depends on the wait before', () => {
    expect(delays(decorrelated({ initialDelay: 50 }), { random: () => 0.5, count: 3 })).toEqual([100, 175, 288])
  })

  test.each<[string, () => unknown, string]>([
    ['no schedule', () => delays(1000 as never), 'delays: schedule must be a function, got 1000.'],
    [
      'an unknown option',
      () => delays(constant(1), { length: 5 } as never),
      'delays: unknown option "length". It takes: seed, random, count.',
    ],
    [
      'a seed and randomness',
      () => delays(constant(1), { seed: 1, random: () => 0 }),
      'delays: seed and random exclude each other: leave out one.',
    ],
    [
      'a seed that is none',
      () => delays(constant(1), { seed: -1 }),
      'seededRandom: seed must be a whole number of at least 0, got -1.',
    ],
    [
      'randomness that is none',
      () => delays(constant(1), { random: 0.5 as never }),
      'delays: random must be a function',
    ],
    [
      'a count that never ends',
      () => delays(constant(1), { count: Infinity }),
      'delays: count must be a whole number of at least 0, got Infinity.',
    ],
  ])('refuses %s', (_, list, message) => {
    expect(list).toThrow(OptionError)
    expect(list).toThrow(message)
  })
})

test('a seed and randomness: it is the option random that is named', () => {
  const both = () => delays(constant(1), { seed: 1, random: () => 0 })
  expect(both).toThrow(expect.objectContaining({ option: 'random' }))
})

describe('seededRandom', () => {
  test('is Mulberry32: these are its first numbers', () => {
    const random = seededRandom(1)
    expect([random(), random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522])
  })

  test('each call starts a sequence of its own', () => {
    const first = seededRandom(7)
    const numbers = [first(), first(), first()]
    const second = seededRandom(7)
    expect([second(), second(), second()]).toEqual(numbers)
  })

  test('gives numbers from 0 to 1, the latter excluded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (seed) => {
        const random = seededRandom(seed)
        for (let i = 0; i < 20; i++) {
          const value = random()
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThan(1)
        }
      }),
    )
  })

  test('is spread evenly: each tenth gets its share of 10,000 numbers', () => {
    const random = seededRandom(123)
    const counts = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 10_000; i++) counts[Math.floor(random() * 10)]!++
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })

  test('the lower 32 bits of the seed count', () => {
    expect(seededRandom(2 ** 32 + 5)()).toBe(seededRandom(5)())
    expect(seededRandom(Number.MAX_SAFE_INTEGER - 1)()).toBe(seededRandom(2 ** 32 - 2)())
  })

  test('refuses a seed that is not a whole number of at least 0', () => {
    expect(() => seededRandom(0.5)).toThrow('seededRandom: seed must be a whole number of at least 0, got 0.5.')
    expect(() => seededRandom('1' as never)).toThrow(OptionError)
  })
})

describe('checkSchedule', () => {
  test('takes every function that gives a finite wait of at least 0', () => {
    for (const schedule of [exponential(), constant(0), (retry: number) => retry * 1.5]) {
      expect(() => checkSchedule('retry', 'schedule', schedule)).not.toThrow()
    }
  })

  test.each<[string, unknown, string]>([
    ['a number', 1000, 'schedule must be a function, got 1000.'],
    ['nothing', undefined, 'schedule must be a function, got undefined.'],
    ['NaN', () => Number.NaN, 'schedule(1) must be a number of milliseconds of at least 0, got NaN.'],
    [
      'a negative wait',
      (retry: number) => 5 - retry,
      'schedule(10) must be a number of milliseconds of at least 0, got -5.',
    ],
    [
      'Infinity',
      (retry: number) => 10 ** (100 * retry),
      'schedule(10) must be a number of milliseconds of at least 0, got Infinity.',
    ],
    ['nothing given', () => undefined, 'schedule(1) must be a number of milliseconds of at least 0, got undefined.'],
    ['text', () => '100', 'schedule(1) must be a number of milliseconds of at least 0, got "100".'],
    ['a promise', async () => 100, 'schedule(1) must be a number of milliseconds of at least 0, got an object.'],
    [
      'a factory that was not called',
      () => constant(5),
      'schedule(1) must be a number of milliseconds of at least 0, got a function.',
    ],
  ])('refuses %s', (_, schedule, message) => {
    expect(() => checkSchedule('retry', 'schedule', schedule)).toThrow(OptionError)
    expect(() => checkSchedule('retry', 'schedule', schedule)).toThrow(`retry: ${message}`)
  })

  test('names the option', () => {
    let error: unknown
    try {
      checkSchedule('retry', 'throttledSchedule', 5)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ owner: 'retry', option: 'throttledSchedule', code: 'FETCHSTACK_INVALID_OPTION' })
  })

  test('lets through what the function itself throws: a factory that was not called says best what it takes', () => {
    expect(() => checkSchedule('retry', 'schedule', exponential)).toThrow(
      'exponential: options must be an object, got 1.',
    )
  })

  test('narrows the type', () => {
    const value: unknown = constant(5)
    checkSchedule('retry', 'schedule', value)
    expect(value(1, 0, () => 0)).toBe(5)
  })
})
