import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHttpDate } from '../src/index.ts'

const now = Date.UTC(2026, 10, 22, 12)
const example = Date.UTC(1994, 10, 6, 8, 49, 37)

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const short = (time: number) =>
  new Date(time).toUTCString().replaceAll(',', '').split(' ') as [string, string, string, string, string]

function rfc850(time: number): string {
  const [, day, month, year, clock] = short(time)
  return `${days[new Date(time).getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${clock} GMT`
}

function asctime(time: number): string {
  const [name, day, month, year, clock] = short(time)
  return `${name} ${month} ${day.replace(/^0/, ' ')} ${clock} ${year}`
}

describe('the three forms of RFC 9110 §5.6.7', () => {
  test.each([
    ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ['asctime', 'Sun Nov  6 08:49:37 1994'],
    ['asctime with a zero', 'Sun Nov 06 08:49:37 1994'],
  ])('%s', (_, text) => {
    expect(parseHttpDate(text, now)).toBe(example)
  })

  test.each([
    ['Tuesday, 24-Nov-26 00:00:00 GMT', Date.UTC(2026, 10, 24)],
    ['Wednesday, 25-Nov-26 00:00:00 GMT', Date.UTC(2026, 10, 25)],
    ['Thursday, 26-Nov-26 00:00:00 GMT', Date.UTC(2026, 10, 26)],
    ['Friday, 27-Nov-26 00:00:00 GMT', Date.UTC(2026, 10, 27)],
    ['Saturday, 28-Nov-26 00:00:00 GMT', Date.UTC(2026, 10, 28)],
    ['Monday, 30-Nov-26 00:00:00 GMT', Date.UTC(2026, 10, 30)],
  ])('RFC 850: %s', (text, time) => {
    expect(parseHttpDate(text, now)).toBe(time)
  })

  test('two digits of RFC 850 are at most 50 years ahead, and else the last year that ended so', () => {
    expect(parseHttpDate('Wednesday, 01-Jan-76 00:00:00 GMT', now)).toBe(Date.UTC(2076, 0, 1))
    expect(parseHttpDate('Saturday, 01-Jan-77 00:00:00 GMT', now)).toBe(Date.UTC(1977, 0, 1))
    expect(parseHttpDate('Saturday, 01-Jan-00 00:00:00 GMT', now)).toBe(Date.UTC(2000, 0, 1))
    expect(parseHttpDate('Tuesday, 01-Jan-99 00:00:00 GMT', Date.UTC(2090, 0, 1))).not.toBe(Date.UTC(1999, 0, 1))
  })

  test('each form reads every second back', () => {
    const years = (from: number, to: number) =>
      fc
        .integer({ min: Date.UTC(from, 0, 1) / 1000, max: Date.UTC(to, 0, 1) / 1000 - 1 })
        .map((seconds) => seconds * 1000)
    fc.assert(
      fc.property(years(1970, 9999), (time) => {
        expect(parseHttpDate(new Date(time).toUTCString(), now)).toBe(time)
        expect(parseHttpDate(asctime(time), now)).toBe(time)
      }),
    )
    fc.assert(
      fc.property(years(1978, 2076), (time) => {
        expect(parseHttpDate(rfc850(time), now)).toBe(time)
      }),
    )
  })
})

describe('anything else is NaN', () => {
  test.each([
    '',
    '-1',
    '1.5',
    '0',
    '2026',
    'soon',
    'Invalid Date',
    'NaN',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 1994 09:49:37 GMT+1',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06  Nov 1994 08:49:37 GMT',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Sun 06 Nov 1994 08:49:37 GMT',
    'Son, 06 Nov 1994 08:49:37 GMT',
    'Mon, 06 Nov 1994 08:49:37 GMT',
    'Wed, 31 Feb 1993 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sat, 31 Dec 2016 23:59:60 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sunday, 06 Nov 94 08:49:37 GMT',
    'Sunxday, 06-Nov-94 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov  6 08:49:37 1994 GMT',
    'Sun Nov  6 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
    'Tue Feb 16 2021 09:02:42 GMT+0100 (Central European Standard Time)',
  ])('%j', (text) => {
    expect(parseHttpDate(text, now)).toBeNaN()
  })

  test('what is read is a date in one of the three forms, whatever Date.parse may take', () => {
    const piece = fc.constantFrom(
      'Sun',
      'Sunday',
      'Nov',
      '06',
      ' 6',
      '1994',
      '94',
      '08:49:37',
      'GMT',
      ', ',
      ' ',
      '-',
      '+0100',
    )
    const near = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.oneof(near, fc.string(), fc.double().map(String)), (text) => {
        const time = parseHttpDate(text, now)
        if (Number.isNaN(time)) return
        const forms = [new Date(time).toUTCString(), rfc850(time), asctime(time), asctime(time).replace('  ', ' 0')]
        expect(forms).toContain(text)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['digits', '1'.repeat(1_000_000)],
    ['asctime without an end', `Sun Nov  6 ${'08:49:37'.repeat(100_000)} x`],
    ['asctime with a year without an end', `Sun Nov  6 08:49:37 ${'1'.repeat(1_000_000)}x`],
    ['spaces', ' '.repeat(1_000_000)],
    ['days', 'Sunday, 06-Nov-94 '.repeat(60_000)],
  ])('a megabyte of %s is refused in linear time', (_, text) => {
    // A quadratic reading would take minutes and run into the timeout of the test.
    expect(parseHttpDate(text, now)).toBeNaN()
  })

  test('a current time that is none gives NaN and no exception', () => {
    expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', Number.NaN)).toBeNaN()
  })
})
