import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { delays } from '../src/index.ts'
import * as entry from '../src/presets.ts'
import { presets } from '../src/presets.ts'

const names = Object.keys(presets)
const at = (name: string, random: number, count = 5): number[] =>
  delays(presets[name]!.schedule, { random: () => random, count })

// With randomness 0, 0.5 and 0.999, in whole milliseconds.
const pinned: Record<string, readonly [number[], number[], number[]]> = {
  got: [
    [1000, 2000, 4000, 8000, 16_000],
    [1050, 2050, 4050, 8050, 16_050],
    [1100, 2100, 4100, 8100, 16_100],
  ],
  ky: [
    [300, 600, 1200, 2400, 4800],
    [300, 600, 1200, 2400, 4800],
    [300, 600, 1200, 2400, 4800],
  ],
  pRetry: [
    [1000, 2000, 4000, 8000, 16_000],
    [1000, 2000, 4000, 8000, 16_000],
    [1000, 2000, 4000, 8000, 16_000],
  ],
  axiosRetry: [
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ],
  axiosRetryExponential: [
    [200, 400, 800, 1600, 3200],
    [220, 440, 880, 1760, 3520],
    [240, 480, 960, 1920, 3839],
  ],
  fetchRetry: [
    [1000, 1000, 1000, 1000, 1000],
    [1000, 1000, 1000, 1000, 1000],
    [1000, 1000, 1000, 1000, 1000],
  ],
  undici: [
    [500, 1000, 2000, 4000, 8000],
    [500, 1000, 2000, 4000, 8000],
    [500, 1000, 2000, 4000, 8000],
  ],
  aws: [
    [0, 0, 0, 0, 0],
    [25, 50, 100, 200, 400],
    [49, 99, 199, 399, 799],
  ],
  awsBefore2026: [
    [0, 0, 0, 0, 0],
    [50, 100, 200, 400, 800],
    [99, 199, 399, 799, 1598],
  ],
  guzzle: [
    [1000, 2000, 4000, 8000, 16_000],
    [1000, 2000, 4000, 8000, 16_000],
    [1000, 2000, 4000, 8000, 16_000],
  ],
  grpc: [
    [80, 160, 320, 640, 800],
    [100, 200, 400, 800, 1000],
    [120, 240, 480, 960, 1200],
  ],
  envoy: [
    [0, 0, 0, 0, 0],
    [12, 37, 87, 125, 125],
    [24, 74, 174, 249, 249],
  ],
  polly: [
    [2000, 2000, 2000, 2000, 2000],
    [2000, 2000, 2000, 2000, 2000],
    [2000, 2000, 2000, 2000, 2000],
  ],
  mehr: [
    [0, 2754, 2920, 5732, 11_436],
    [1795, 2186, 4071, 8092, 16_167],
    [2752, 2918, 5728, 11_428, 22_845],
  ],
  resilience4j: [
    [500, 500, 500, 500, 500],
    [500, 500, 500, 500, 500],
    [500, 500, 500, 500, 500],
  ],
  stripe: [
    [500, 500, 500, 1000, 2000],
    [500, 500, 750, 1500, 3000],
    [500, 500, 1000, 1999, 3998],
  ],
  openai: [
    [500, 1000, 2000, 4000, 8000],
    [438, 875, 1750, 3500, 7000],
    [375, 750, 1501, 3001, 6002],
  ],
  anthropic: [
    [500, 1000, 2000, 4000, 8000],
    [438, 875, 1750, 3500, 7000],
    [375, 750, 1501, 3001, 6002],
  ],
  goRetryablehttp: [
    [1000, 2000, 4000, 8000, 16_000],
    [1000, 2000, 4000, 8000, 16_000],
    [1000, 2000, 4000, 8000, 16_000],
  ],
  gaxios: [
    [100, 500, 1500, 3500, 7500],
    [100, 500, 1500, 3500, 7500],
    [100, 500, 1500, 3500, 7500],
  ],
  gax: [
    [0, 0, 0, 0, 0],
    [50, 65, 85, 110, 143],
    [100, 130, 169, 219, 285],
  ],
}

describe('the schedules of the presets', () => {
  test('each one is pinned here', () => {
    expect(Object.keys(pinned)).toEqual(names)
  })

  test.each(names)('%s: its first five waits', (name) => {
    expect([at(name, 0), at(name, 0.5), at(name, 0.999)]).toEqual(pinned[name])
  })

  test.each([
    ['undici', [30_000, 30_000]],
    ['goRetryablehttp', [30_000, 30_000]],
    ['stripe', [3750, 3750]],
    ['openai', [7000, 7000]],
    ['gax', [30_000, 30_000]],
    ['envoy', [125, 125]],
    ['grpc', [1000, 1000]],
    ['got', [2_147_483_647, 2_147_483_647]],
  ])('%s: its waits end at its cap', (name, expected) => {
    const { schedule } = presets[name]!
    expect([schedule(40, 0, () => 0.5), schedule(1000, 0, () => 0.5)]).toEqual(expected)
  })

  test('AWS: waits after a throttled response start at 1 s, before November 2026 at 500 ms', () => {
    const list = (name: string): number[] => delays(presets[name]!.throttledSchedule!, { random: () => 0.5, count: 7 })
    expect(list('aws')).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(list('awsBefore2026')).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000])
  })

  test('AWS: the cap of 20 s came after the jitter before November 2026, and comes before it now', () => {
    expect(presets.awsBefore2026!.schedule(20, 0, () => 0.5)).toBe(20_000)
    expect(presets.aws!.schedule(20, 0, () => 0.5)).toBe(10_000)
  })

  test.each(names)('%s: growth without end and randomness 0 still give a wait', (name) => {
    const { schedule, throttledSchedule = schedule } = presets[name]!
    for (const wait of [schedule(1e9, 0, () => 0), throttledSchedule(1e9, 0, () => 0)]) {
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThanOrEqual(2_147_483_647)
    }
  })

  test.each(names)('%s: what is no number of a retry counts as the first', (name) => {
    const { schedule, throttledSchedule = schedule } = presets[name]!
    for (const none of [0, -0, -1, -1e9, -Infinity, Number.NaN]) {
      expect(schedule(none, 0, () => 0.5)).toBe(schedule(1, 0, () => 0.5))
      expect(throttledSchedule(none, 0, () => 0.5)).toBe(throttledSchedule(1, 0, () => 0.5))
    }
  })

  test('gives whole, finite waits of at least 0 for any retry and any randomness', () => {
    const retry = fc.oneof(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 1_000_000_000 }),
      fc.double(),
      fc.constantFrom(0, -0, -1, Number.NaN, Infinity, -Infinity),
    )
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom(...names), retry, random, (name, n, draw) => {
        const { schedule, throttledSchedule = schedule } = presets[name]!
        for (const wait of [schedule(n, 0, () => draw), throttledSchedule(n, 0, () => draw)]) {
          expect(Number.isInteger(wait)).toBe(true)
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThanOrEqual(2_147_483_647)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the presets as data', () => {
  test.each(names)('%s is frozen, and says what it is of and where that was read', (name) => {
    const preset = presets[name]!
    expect(Object.isFrozen(preset)).toBe(true)
    for (const value of Object.values(preset)) expect(typeof value !== 'object' || Object.isFrozen(value)).toBe(true)
    expect(preset).toMatchObject({
      name: expect.stringMatching(/./),
      version: expect.stringMatching(/\d/),
      jitter: expect.stringMatching(/./),
      source: expect.stringMatching(/./),
    })
    expect(entry).toHaveProperty(name, preset)
  })

  test.each(names)('%s: what its fields can’t say is said in sentences', (name) => {
    const { notes = 'None.' } = presets[name]!
    expect(notes).toMatch(/^\w.+\.$/)
  })

  test('no two are of the same client and version', () => {
    const known = names.map((name) => `${presets[name]!.name} ${presets[name]!.version} ${presets[name]!.jitter}`)
    expect(new Set(known).size).toBe(names.length)
  })

  test('all that is exported is in the list', () => {
    expect(Object.keys(entry).toSorted()).toEqual([...names, 'presets'].toSorted())
  })

  test('attempts in all, the first one included', () => {
    expect(Object.fromEntries(names.map((name) => [name, presets[name]!.maxAttempts]))).toEqual({
      got: 3,
      ky: 3,
      pRetry: 11,
      axiosRetry: 4,
      axiosRetryExponential: 4,
      fetchRetry: 4,
      undici: 6,
      aws: 3,
      awsBefore2026: 3,
      guzzle: undefined,
      grpc: 4,
      envoy: 2,
      polly: 4,
      mehr: 4,
      resilience4j: 3,
      stripe: 3,
      openai: 3,
      anthropic: 3,
      goRetryablehttp: 5,
      gaxios: 4,
      gax: undefined,
    })
  })

  test('statuses', () => {
    const listed = names.filter((name) => presets[name]!.statuses !== undefined)
    expect(Object.fromEntries(listed.map((name) => [name, presets[name]!.statuses]))).toEqual({
      got: [408, 413, 429, 500, 502, 503, 504, 521, 522, 524],
      ky: [408, 413, 429, 500, 502, 503, 504],
      axiosRetry: [429, [500, 599]],
      axiosRetryExponential: [429, [500, 599]],
      fetchRetry: [],
      undici: [429, 500, 502, 503, 504],
      aws: [429, 500, 502, 503, 504],
      awsBefore2026: [429, 500, 502, 503, 504],
      mehr: [408, 429, [500, 999]],
      stripe: [409, [500, 999]],
      openai: [408, 409, 429, [500, 999]],
      anthropic: [408, 409, 429, [500, 999]],
      goRetryablehttp: [0, 429, 500, [502, 999]],
      gaxios: [[100, 199], 408, 429, [500, 599]],
    })
  })

  test('methods', () => {
    const listed = names.filter((name) => presets[name]!.methods !== undefined)
    expect(Object.fromEntries(listed.map((name) => [name, presets[name]!.methods?.join(' ')]))).toEqual({
      got: 'GET PUT HEAD DELETE OPTIONS TRACE QUERY',
      ky: 'GET PUT HEAD DELETE OPTIONS TRACE QUERY',
      axiosRetry: 'GET HEAD OPTIONS PUT DELETE',
      axiosRetryExponential: 'GET HEAD OPTIONS PUT DELETE',
      undici: 'GET HEAD OPTIONS PUT DELETE TRACE QUERY',
      gaxios: 'GET HEAD PUT OPTIONS DELETE',
    })
  })
})
