import { describe, expect, test } from 'vitest'
import { retryAfter } from '../src/index.ts'
import { now, respond } from './headers.ts'

const read = (headers: Record<string, string>, status = 503) => retryAfter(respond(status, headers), { now })

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['1', 1000],
    ['120', 120_000],
    ['007', 7000],
    ['1.5', 1500],
    ['0.5', 500],
    ['2.3', 2300],
    ['2.007', 2007],
    ['2.0071', 2008],
    ['0.0001', 1],
    ['.5', 500],
    ['5.', 5000],
  ])('%s seconds', (value, delay) => {
    expect(read({ 'retry-after': value })).toEqual({
      delay,
      source: 'retry-after',
      evidence: [`retry-after: "${value}" is ${delay} ms`],
    })
  })

  test.each([
    ['IMF-fixdate', 'Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['RFC 850', 'Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['asctime', 'Thu Jan  1 00:00:05 2026', 5000],
    ['a date in the past, which is 0', 'Wed, 31 Dec 2025 23:59:59 GMT', 0],
    ['the current time, which is 0', 'Thu, 01 Jan 2026 00:00:00 GMT', 0],
  ])('%s', (_, value, delay) => {
    expect(read({ 'retry-after': value }).delay).toBe(delay)
  })

  test.each([
    '-1',
    '-0.5',
    '+5',
    '5s',
    '5 seconds',
    '1e3',
    '1e400',
    '0x10',
    '1.2.3',
    '.',
    'Infinity',
    'NaN',
    'null',
    'soon',
    '',
    '6m0s',
    '2026-01-01T00:00:30Z',
    'Thu, 01 Jan 2026 00:00:30 +0100',
    'Fri, 01 Jan 2026 00:00:30 GMT',
    '5 Thu, 01 Jan 2026 00:00:30 GMT',
  ])('%j is ignored, and the evidence says so', (value) => {
    expect(read({ 'retry-after': value })).toEqual({
      delay: undefined,
      source: undefined,
      evidence: [`retry-after: ignored ${JSON.stringify(value)} (not a time)`],
    })
  })

  test.each([
    ['20 digits', '99999999999999999999'],
    ['400 digits, which are no finite number', '9'.repeat(400)],
  ])('%s are a very long wait, but a finite one that a Date can hold', (_, value) => {
    const { delay } = read({ 'retry-after': value })
    expect(delay).toBe(1e15)
    expect(new Date(now + delay!).toISOString()).toMatch(/^\+03/)
  })

  test('counts with any status: what to do about it is not decided here', () => {
    for (const status of [200, 202, 301, 403, 404, 413, 429, 500, 503]) {
      expect(read({ 'retry-after': '3' }, status).delay).toBe(3000)
    }
  })

  test('nothing there is no delay and no evidence', () => {
    expect(read({})).toEqual({ delay: undefined, source: undefined, evidence: [] })
  })
})

describe("the server's clock", () => {
  const later = { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }

  test('a date is compared with the Date of the response, so that a wrong clock does no harm', () => {
    expect(read({ ...later, date: 'Thu, 01 Jan 2026 00:00:20 GMT' }).delay).toBe(10_000)
    expect(read({ ...later, date: 'Wed, 31 Dec 2025 23:00:30 GMT' }).delay).toBe(3_600_000)
    expect(read({ ...later, date: 'Thu, 01 Jan 2026 05:00:00 GMT' }).delay).toBe(0)
  })

  test('a Date in an old form counts, too', () => {
    expect(read({ ...later, date: 'Thursday, 01-Jan-26 00:00:20 GMT' }).delay).toBe(10_000)
  })

  test('a Date that is none is not used', () => {
    expect(read({ ...later, date: 'today' }).delay).toBe(30_000)
  })

  test('seconds are seconds, whatever the Date', () => {
    expect(read({ 'retry-after': '30', date: 'Wed, 31 Dec 2025 23:00:00 GMT' }).delay).toBe(30_000)
  })
})

describe('milliseconds', () => {
  test.each(['retry-after-ms', 'x-ms-retry-after-ms', 'x-amz-retry-after', 'grpc-retry-pushback-ms'])('%s', (name) => {
    expect(read({ [name]: '1500' })).toEqual({ delay: 1500, source: name, evidence: [`${name}: "1500" is 1500 ms`] })
    expect(read({ [name]: '120.2' }).delay).toBe(121)
    expect(read({ [name]: '0' }).delay).toBe(0)
  })

  test.each([
    ['retry-after-ms', 'Thu, 01 Jan 2026 00:00:30 GMT'],
    ['x-amz-retry-after', '-5'],
    ['grpc-retry-pushback-ms', '-1'],
    ['grpc-retry-pushback-ms', 'never'],
  ])('%s: %s is ignored', (name, value) => {
    expect(read({ [name]: value })).toEqual({
      delay: undefined,
      source: undefined,
      evidence: [`${name}: ignored "${value}" (not a time)`],
    })
  })

  test('go before Retry-After, which is rounded where both are sent', () => {
    expect(read({ 'retry-after-ms': '120', 'retry-after': '1' })).toEqual({
      delay: 120,
      source: 'retry-after-ms',
      evidence: ['retry-after-ms: "120" is 120 ms'],
    })
  })

  test('one that can not be read leaves it to the next', () => {
    expect(read({ 'retry-after-ms': 'soon', 'retry-after': '1' })).toEqual({
      delay: 1000,
      source: 'retry-after',
      evidence: ['retry-after-ms: ignored "soon" (not a time)', 'retry-after: "1" is 1000 ms'],
    })
  })
})

describe('a header that was sent more than once', () => {
  test.each([
    ['twice the same', '5, 5', 5000],
    ['the larger', '5, 10', 10_000],
    ['the larger, first', '10,5', 10_000],
    ['what is usable', 'soon, 5', 5000],
    ['what is usable, and 0 is', 'soon, 0', 0],
    ['seconds and a date', '5, Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['a date and seconds', 'Thu, 01 Jan 2026 00:00:30 GMT, 40', 40_000],
    ['two dates', 'Thu, 01 Jan 2026 00:00:30 GMT, Thu, 01 Jan 2026 00:00:40 GMT', 40_000],
    ['two dates of RFC 850', 'Thursday, 01-Jan-26 00:00:30 GMT, Thursday, 01-Jan-26 00:00:20 GMT', 30_000],
  ])('%s', (_, value, delay) => {
    expect(read({ 'retry-after': value }).delay).toBe(delay)
  })

  test('as a server sends it', () => {
    const headers = new Headers()
    headers.append('retry-after', '3')
    headers.append('retry-after', '7')
    expect(retryAfter({ status: 503, headers }, { now }).delay).toBe(7000)
  })
})

test('evidence shows at most 48 characters of a header', () => {
  const [evidence] = read({ 'retry-after': 'x'.repeat(1000) }).evidence
  expect(evidence).toBe(`retry-after: ignored "${'x'.repeat(48)}" (not a time)`)
})
