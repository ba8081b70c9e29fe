import { describe, expect, test } from 'vitest'
import { serverHint } from '../src/index.ts'
import { rateLimit } from '../src/rate-limit.ts'
import { now, respond } from './headers.ts'

const read = (ratelimit: string, more: Record<string, string> = {}) => rateLimit(respond(429, { ratelimit, ...more }))
const ignored = (raw: string, why: string) => ({
  delay: undefined,
  source: undefined,
  evidence: [`ratelimit: ignored ${JSON.stringify(raw)} (${why})`],
})

describe('RateLimit', () => {
  test('a quota that is used up gives its effective window', () => {
    expect(read('"default";r=0;t=30')).toEqual({
      delay: 30_000,
      source: 'ratelimit',
      evidence: ['ratelimit: "\\"default\\";r=0;t=30" is 30000 ms'],
    })
  })

  test.each([
    ['the longest window of those used up', '"second";r=0;t=1,"day";r=0;t=3600', 3_600_000],
    ['the longest, first', '"day";r=0;t=3600, "second";r=0;t=1', 3_600_000],
    ['a quota with something left does not count', '"second";r=0;t=1,"day";r=5;t=3600', 1000],
    ['one without a window does not hide one with', '"a";r=0,"b";r=0;t=7', 7000],
    ['a window of 0', '"a";r=0;t=0', 0],
    ['other parameters are comments', '"a";r=0;t=7;pk=:dHJpYWw=:;acme-burst;w=0.5;q=x', 7000],
    ['the longest that the syntax allows', '"a";r=0;t=999999999999999', 999_999_999_999_999_000],
  ])('%s', (_, raw, delay) => {
    expect(read(raw)?.delay).toBe(delay)
  })

  test('fields sent more than once are one list', () => {
    const headers = new Headers()
    headers.append('ratelimit', '"a";r=0;t=5')
    headers.append('ratelimit', '"b";r=0;t=9')
    expect(rateLimit({ status: 429, headers })?.delay).toBe(9000)
  })

  test.each([
    ['no field', {}],
    ['quotas with something left', { ratelimit: '"a";r=1;t=30,"b";r=50' }],
    ['an empty field', { ratelimit: '' }],
    ['the old fields', { 'ratelimit-remaining': '0', 'ratelimit-reset': '5' }],
  ])('says nothing for %s', (_, headers) => {
    expect(rateLimit(respond(429, headers))).toBeUndefined()
  })

  test.each([
    ['no list', '"default";r=0;t='],
    ['a comma at the end', '"default";r=0;t=5,'],
    ['the dictionary of older drafts', 'limit=100, remaining=0, reset=50'],
    ['an inner list', '("a" "b");r=0;t=5'],
    ['no r, which is required', '"default";t=5'],
    ['no r in one of two', '"a";r=0;t=5,"b";t=5'],
    ['a negative r', '"default";r=-1;t=5'],
    ['an r with decimals', '"default";r=0.5;t=5'],
    ['an r that is no number', '"default";r="0";t=5'],
    ['an r without a value', '"default";r;t=5'],
    ['a negative t', '"default";r=0;t=-5'],
    ['a t with decimals', '"default";r=0;t=1.5'],
    ['a t that is a date', '"default";r=0;t=@1767225600'],
    ['too many digits', '"default";r=0;t=9999999999999999'],
  ])('is ignored when it is malformed: %s', (_, raw) => {
    expect(read(raw)).toEqual(ignored(raw, 'malformed'))
  })

  test.each(['1', '600'])('is ignored on a response from a cache (Age: %s)', (age) => {
    expect(read('"a";r=0;t=5', { age })).toEqual(ignored('"a";r=0;t=5', 'from a cache'))
  })

  test.each(['0', '', 'old', '-5'])('counts with an Age of %j', (age) => {
    expect(read('"a";r=0;t=5', { age })?.delay).toBe(5000)
  })
})

describe('RateLimit-Policy', () => {
  const raw = '"day";r=0'

  test('is no delay, but its window is named when a used-up quota has no t', () => {
    expect(read(raw, { 'ratelimit-policy': '"burst";q=100;w=60,"day";q=1000;w=86400' })).toEqual(
      ignored(raw, 'used up, but no t; the window of its policy is 86400 s'),
    )
  })

  test.each([
    ['no policy', {}],
    ['another policy', { 'ratelimit-policy': '"burst";q=100;w=60' }],
    ['a policy without a window', { 'ratelimit-policy': '"day";q=100' }],
    ['a malformed policy', { 'ratelimit-policy': '"day";q=100;w=-5' }],
  ])('names nothing for %s', (_, headers) => {
    expect(read(raw, headers)).toEqual(ignored(raw, 'used up, but no t'))
  })
})

describe('as a reader of serverHint', () => {
  const readers = [rateLimit]
  const ratelimit = '"default";r=0;t=30'

  test('Retry-After goes before it', () => {
    expect(serverHint(respond(429, { ratelimit, 'retry-after': '5' }), { now, readers })).toMatchObject({
      delay: 5000,
      source: 'retry-after',
    })
  })

  test('it goes before the reset headers', () => {
    expect(serverHint(respond(429, { ratelimit, 'x-ratelimit-reset': '5' }), { now, readers })).toMatchObject({
      delay: 30_000,
      source: 'ratelimit',
    })
  })

  test('a window that is too long is held to 10^15 ms', () => {
    expect(serverHint(respond(429, { ratelimit: '"a";r=0;t=999999999999999' }), { now, readers }).delay).toBe(1e15)
  })

  test('without it, the field is not looked at', () => {
    expect(serverHint(respond(429, { ratelimit }), { now }).delay).toBeUndefined()
  })
})

test('a long field is shown in part', () => {
  const evidence = read(`"a";r=0;t=5;x="${'y'.repeat(1000)}"`)!.evidence
  expect(evidence[0]!.length).toBeLessThan(80)
})
