import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ResetDialect, type ServerHint, serverHint } from '../src/index.ts'
import { rateLimit } from '../src/rate-limit.ts'
import { now, respond } from './headers.ts'

const read = (status: number, headers: Record<string, string>): ServerHint =>
  serverHint(respond(status, headers), { now })

describe('any header values', () => {
  const names = [
    'date',
    'age',
    'retry-after',
    'retry-after-ms',
    'grpc-retry-pushback-ms',
    'ratelimit-reset',
    'x-ratelimit-remaining',
    'x-ratelimit-reset',
    'x-ratelimit-reset-after',
    'x-ratelimit-next',
    'x-ratelimit-remaining-tokens',
    'x-ratelimit-reset-tokens',
    'anthropic-ratelimit-tokens-reset',
  ]
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
    fc.double().map(String),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
    fc.integer({ min: -1, max: 3 }).map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.stringMatching(/^[\d.]{1,20}(ms|s|m|h)(\d+s)?$/),
    fc.constantFrom('9'.repeat(500), '', ',', ', ,', '5, 5', '-0', '0'),
  )
  const values = fc.oneof(
    value,
    fc.array(value, { maxLength: 4 }).map((several) => several.join(', ')),
  )
  const response = fc
    .record({
      status: fc.constantFrom(200, 403, 429, 500, 503),
      headers: fc.dictionary(fc.constantFrom(...names), values),
      type: fc.constantFrom('basic', 'cors'),
    })
    .map(({ status, headers, type }) => ({ status, type, headers: { get: (name: string) => headers[name] ?? null } }))
  const dialects = fc.constantFrom<ResetDialect>('auto', 'seconds', 'milliseconds', 'epoch')

  test('give no exception, and a whole delay from 0 to 10^15 or none', () => {
    fc.assert(
      fc.property(
        response,
        dialects,
        fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.double()),
        (given, dialect, time) => {
          const { delay, source, evidence } = serverHint(given, { now: time, dialect })
          expect(source === undefined).toBe(delay === undefined)
          if (delay !== undefined) {
            expect(Number.isInteger(delay)).toBe(true)
            expect(Object.is(delay, -0)).toBe(false)
            expect(delay).toBeGreaterThanOrEqual(0)
            expect(delay).toBeLessThanOrEqual(1e15)
            expect(names).toContain(source)
          }
          for (const line of evidence) {
            expect(line).not.toContain('\n')
            // The name, 48 characters that may each take six when escaped, and what became of them.
            expect(line.length).toBeLessThan(40 + 48 * 6 + 40)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('more seconds are never a shorter wait', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (a, b) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)].map(
            (n) => read(503, { 'retry-after': n.toFixed(6) }).delay!,
          )
          expect(less).toBeLessThanOrEqual(more!)
        },
      ),
    )
  })

  test('a wait is never shorter than what was said', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (wait) => {
        const text = wait.toFixed(3)
        expect(read(503, { 'retry-after': text }).delay).toBe(Math.round(Number(text) * 1000))
      }),
    )
  })

  test.each([
    ['digits', '1'.repeat(1_000_000)],
    ['digits with a sign at the end', `${'1'.repeat(1_000_000)}-`],
    ['commas', ','.repeat(100_000)],
    ['spaces after a comma', `,${' '.repeat(1_000_000)}x`],
    ['parts of a duration', `${'1m'.repeat(500_000)}x`],
    ['points', '1.'.repeat(500_000)],
    ['many values', '1,'.repeat(100_000)],
  ])('are read in linear time: a megabyte of %s', (_, text) => {
    const get = (name: string) =>
      name === 'retry-after' || name === 'x-ratelimit-reset' || name === 'date' ? text : null
    // A quadratic reading would take minutes and run into the timeout of the test.
    expect(serverHint({ status: 429, headers: { get } }, { now }).evidence.length).toBeGreaterThan(0)
  })
})

test('any RateLimit gives no exception, and a whole delay of at least 0 or none', () => {
  const parameter = fc.oneof(
    fc.tuple(fc.constantFrom('r', 't', 'w'), fc.integer({ min: -1, max: 100 })).map(([key, n]) => `;${key}=${n}`),
    fc.constantFrom(';r=0', ';t', ';t=1.5', ';r=?0', ';pk=:YQ==:', ';x="y"', ';'),
  )
  const item = fc.tuple(fc.constantFrom('"a"', 'b', '("c")', '5', '%"d"', ''), fc.array(parameter, { maxLength: 4 }))
  const near = fc
    .array(
      item.map(([name, parameters]) => name + parameters.join('')),
      { maxLength: 4 },
    )
    .map((items) => items.join(', '))
  const value = fc.oneof(near, fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(value, value, fc.oneof(fc.string(), fc.integer().map(String)), (ratelimit, policy, age) => {
      const fields: Record<string, string> = { ratelimit, 'ratelimit-policy': policy, age }
      const hint = rateLimit({ status: 429, headers: { get: (name) => fields[name] ?? null } })
      if (hint?.delay === undefined) return
      expect(Number.isInteger(hint.delay)).toBe(true)
      expect(hint.delay).toBeGreaterThanOrEqual(0)
      expect(hint.source).toBe('ratelimit')
    }),
    { numRuns: 2000 },
  )
})
