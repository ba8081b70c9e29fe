import { describe, expect, test } from 'vitest'
import { type HintReader, type ResetDialect, type ServerHint, serverHint } from '../src/index.ts'
import { acrossOrigins, now, respond } from './headers.ts'

const seconds = now / 1000
const read = (status: number, headers: Record<string, string>, dialect?: ResetDialect): ServerHint =>
  serverHint(respond(status, headers), dialect === undefined ? { now } : { now, dialect })

describe('the order', () => {
  const reader: HintReader = () => ({ delay: 2000, source: 'x-own', evidence: ['x-own: 2 s'] })
  const reset = { 'x-ratelimit-reset': '9' }

  test('Retry-After, then the readers, then the reset headers', () => {
    const options = { now, readers: [reader] }
    expect(serverHint(respond(429, { 'retry-after': '1', ...reset }), options).source).toBe('retry-after')
    expect(serverHint(respond(429, reset), options).source).toBe('x-own')
    expect(serverHint(respond(429, reset), { now }).source).toBe('x-ratelimit-reset')
  })

  test('what comes later is not asked', () => {
    const never: HintReader = () => {
      throw new Error('asked')
    }
    expect(serverHint(respond(429, { 'retry-after': '1' }), { now, readers: [never] }).delay).toBe(1000)
    expect(serverHint(respond(429), { now, readers: [reader, never] }).delay).toBe(2000)
  })

  test('what was passed over on the way stays in the evidence', () => {
    const puzzled: HintReader = () => ({ delay: undefined, source: undefined, evidence: ['x-puzzle: ignored'] })
    const silent: HintReader = () => undefined
    const hint = serverHint(respond(429, { 'retry-after': 'soon', ...reset }), { now, readers: [puzzled, silent] })
    expect(hint).toEqual({
      delay: 9000,
      source: 'x-ratelimit-reset',
      evidence: ['retry-after: ignored "soon" (not a time)', 'x-puzzle: ignored', 'x-ratelimit-reset: "9" is 9000 ms'],
    })
  })

  test('a reader gets the response and the current time', () => {
    const response = respond(429)
    serverHint(response, {
      now,
      readers: [
        (given, context) => {
          expect(given).toBe(response)
          expect(context.now).toBe(now)
          return undefined
        },
      ],
    })
    expect.assertions(2)
  })

  test.each([Number.NaN, -1, -Infinity])('a delay of %s from a reader is not one', (delay) => {
    const broken: HintReader = () => ({ delay, source: 'x-broken', evidence: [] })
    expect(serverHint(respond(429), { now, readers: [broken] }).delay).toBeUndefined()
  })

  test('an infinite delay from a reader is made finite', () => {
    const endless: HintReader = () => ({ delay: Infinity, source: 'x-endless', evidence: [] })
    expect(serverHint(respond(429), { now, readers: [endless] }).delay).toBe(1e15)
  })

  test('nothing said is no delay', () => {
    expect(read(429, {})).toEqual({ delay: undefined, source: undefined, evidence: [] })
  })
})

describe('what servers send', () => {
  test.each<[string, number, Record<string, string>, number | undefined, string | undefined]>([
    [
      'GitHub, primary limit',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${seconds + 60}` },
      60_000,
      'x-ratelimit-reset',
    ],
    [
      'GitHub, secondary limit: the reset is of the primary one',
      403,
      { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': `${seconds + 3600}`, 'retry-after': '60' },
      60_000,
      'retry-after',
    ],
    ['X', 429, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': `${seconds + 5}` }, 5000, 'x-rate-limit-reset'],
    ['Reddit', 429, { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': '594' }, 594_000, 'x-ratelimit-reset'],
    ['GitLab', 429, { 'ratelimit-remaining': '0', 'ratelimit-reset': `${seconds + 30}` }, 30_000, 'ratelimit-reset'],
    ['old IETF drafts', 429, { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, 30_000, 'ratelimit-reset'],
    [
      'Vimeo',
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'Thu, 01 Jan 2026 00:00:45 GMT' },
      45_000,
      'x-ratelimit-reset',
    ],
    [
      'Akamai',
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-next': '2026-01-01T00:00:02.4732Z' },
      2473,
      'x-ratelimit-next',
    ],
    [
      'Discord',
      429,
      {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset-after': '1.337',
        'x-ratelimit-reset': `${seconds + 1}.2`,
      },
      1337,
      'x-ratelimit-reset-after',
    ],
    [
      'Symfony',
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-retry-after': `${seconds + 12}` },
      12_000,
      'x-ratelimit-retry-after',
    ],
    ['MailerLite', 429, { 'x-ratelimit-retry-after': '59' }, 59_000, 'x-ratelimit-retry-after'],
    [
      'OpenRouter, in milliseconds',
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${now + 1500}` },
      1500,
      'x-ratelimit-reset',
    ],
    [
      'OpenAI, requests used up',
      429,
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '120ms',
        'x-ratelimit-remaining-tokens': '159976',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      120,
      'x-ratelimit-reset-requests',
    ],
    [
      'OpenAI, both used up: the longer',
      429,
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '34s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      360_000,
      'x-ratelimit-reset-tokens',
    ],
    [
      'OpenAI, both used up, the other way round',
      429,
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1m26.4s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '9ms',
      },
      86_400,
      'x-ratelimit-reset-requests',
    ],
    [
      'Azure OpenAI, which says -1 for what it does not count',
      429,
      { 'x-ratelimit-remaining-tokens': '-1', 'x-ratelimit-reset-tokens': '0' },
      undefined,
      undefined,
    ],
    [
      'Anthropic',
      429,
      {
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:01Z',
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-01-01T00:00:20Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-01-01T01:00:30+01:00',
        'anthropic-ratelimit-output-tokens-remaining': '1000',
        'anthropic-ratelimit-output-tokens-reset': '2026-01-01T00:05:00Z',
      },
      30_000,
      'anthropic-ratelimit-input-tokens-reset',
    ],
    [
      "a date in JavaScript's own form, which is none",
      429,
      { 'x-ratelimit-reset': 'Thu Jan 01 2026 01:00:30 GMT+0100 (Central European Standard Time)' },
      undefined,
      undefined,
    ],
  ])('%s', (_, status, headers, delay, source) => {
    expect(read(status, headers)).toMatchObject({ delay, source })
  })

  test("a point in time is compared with the server's clock", () => {
    const date = 'Thu, 01 Jan 2026 00:00:50 GMT'
    expect(read(429, { date, 'x-ratelimit-reset': `${seconds + 60}` }).delay).toBe(10_000)
    expect(read(429, { date, 'x-ratelimit-next': '2026-01-01T00:01:00Z' }).delay).toBe(10_000)
    expect(read(429, { date, 'x-ratelimit-reset': '60' }).delay).toBe(60_000)
  })

  test('a point in the past is 0', () => {
    expect(read(429, { 'x-ratelimit-reset': `${seconds - 60}` }).delay).toBe(0)
    expect(read(429, { 'x-ratelimit-reset': '2025-01-01T00:00:00Z' }).delay).toBe(0)
  })
})

describe('durations', () => {
  test.each([
    ['0s', 0],
    ['0ms', 0],
    ['34s', 34_000],
    ['6m0s', 360_000],
    ['120ms', 120],
    ['1h2m3s', 3_723_000],
    ['1d12h', 129_600_000],
    ['7.66s', 7660],
    ['1.5h', 5_400_000],
  ])('%s', (value, delay) => {
    expect(read(429, { 'x-ratelimit-reset': value }).delay).toBe(delay)
  })

  test.each([
    '',
    's',
    'm5',
    '5 s',
    '-5s',
    '5w',
    '1.2.3s',
    '5s soon',
    '2026-01-01',
    '2026-13-01T00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+0100',
  ])('%j is none', (value) => {
    expect(read(429, { 'x-ratelimit-reset': value })).toEqual({
      delay: undefined,
      source: undefined,
      evidence: [`x-ratelimit-reset: ignored "${value}" (not a time)`],
    })
  })
})

describe('when reset headers count', () => {
  const reset = { 'x-ratelimit-reset': '9' }
  const passed = ['x-ratelimit-reset: passed over (remaining is not 0)']

  test.each([200, 400, 403, 429, 500, 503])('with a remaining of 0 and the status %i', (status) => {
    expect(read(status, { ...reset, 'x-ratelimit-remaining': '0' }).delay).toBe(9000)
  })

  test.each([429, 503])('without a remaining header and the status %i', (status) => {
    expect(read(status, reset).delay).toBe(9000)
  })

  test.each([200, 400, 403, 404, 500, 502])('not without a remaining header and the status %i', (status) => {
    expect(read(status, reset)).toEqual({ delay: undefined, source: undefined, evidence: passed })
  })

  test.each(['1', '4999', '-1', 'none', '', '10', 'x1'])(
    'not with a remaining of %j, not even with a 429',
    (remaining) => {
      expect(read(429, { ...reset, 'x-ratelimit-remaining': remaining })).toEqual({
        delay: undefined,
        source: undefined,
        evidence: passed,
      })
    },
  )

  test.each([
    ['ratelimit-reset', 'ratelimit-remaining'],
    ['x-ratelimit-reset', 'x-ratelimit-remaining'],
    ['x-rate-limit-reset', 'x-rate-limit-remaining'],
    ['x-ratelimit-reset-after', 'x-ratelimit-remaining'],
    ['x-ratelimit-retry-after', 'x-ratelimit-remaining'],
    ['x-ratelimit-next', 'x-ratelimit-remaining'],
    ['x-ratelimit-reset-requests', 'x-ratelimit-remaining-requests'],
    ['x-ratelimit-reset-tokens', 'x-ratelimit-remaining-tokens'],
    ['anthropic-ratelimit-requests-reset', 'anthropic-ratelimit-requests-remaining'],
    ['anthropic-ratelimit-tokens-reset', 'anthropic-ratelimit-tokens-remaining'],
    ['anthropic-ratelimit-input-tokens-reset', 'anthropic-ratelimit-input-tokens-remaining'],
    ['anthropic-ratelimit-output-tokens-reset', 'anthropic-ratelimit-output-tokens-remaining'],
  ])('%s goes by %s', (name, remaining) => {
    expect(read(403, { [name]: '9', [remaining]: '0' })).toMatchObject({ delay: 9000, source: name })
    expect(read(429, { [name]: '9', [remaining]: '1' }).delay).toBeUndefined()
  })
})

describe('the dialect of the numbers', () => {
  const reset = (value: string, dialect?: ResetDialect) => read(429, { 'x-ratelimit-reset': value }, dialect).delay

  test('auto: from 10^9 on a point in time, from 10^12 on in milliseconds, below a number of seconds', () => {
    expect(reset('999999999')).toBe(999_999_999_000)
    expect(reset('1000000000')).toBe(0)
    expect(reset(`${seconds + 7}`)).toBe(7000)
    expect(reset(`${now + 7}`)).toBe(7)
    expect(reset('1.5')).toBe(1500)
  })

  test('seconds', () => {
    expect(reset(`${seconds}`, 'seconds')).toBe(now)
    expect(reset('5', 'seconds')).toBe(5000)
  })

  test('milliseconds', () => {
    expect(reset('600000', 'milliseconds')).toBe(600_000)
    expect(reset('1767225600', 'milliseconds')).toBe(1_767_225_600)
  })

  test('epoch', () => {
    expect(reset('5', 'epoch')).toBe(0)
    expect(reset(`${seconds + 5}`, 'epoch')).toBe(5000)
    expect(reset(`${now + 5}`, 'epoch')).toBe(5)
  })

  test('is of numbers only: a duration and a date say themselves what they are', () => {
    for (const dialect of ['auto', 'seconds', 'milliseconds', 'epoch'] as const) {
      expect(reset('6m0s', dialect)).toBe(360_000)
      expect(reset('2026-01-01T00:00:05Z', dialect)).toBe(5000)
      expect(reset('Thu, 01 Jan 2026 00:00:05 GMT', dialect)).toBe(5000)
    }
  })

  test("leaves Retry-After and Discord's x-ratelimit-reset-after alone: they are in seconds", () => {
    for (const dialect of ['milliseconds', 'epoch'] as const) {
      expect(read(429, { 'retry-after': '5' }, dialect).delay).toBe(5000)
      expect(read(429, { 'x-ratelimit-reset-after': '1.5' }, dialect).delay).toBe(1500)
    }
  })
})

describe('a browser that hides headers of another origin', () => {
  const note = 'retry-after: none to be seen, but across origins a server has to expose it'

  test.each([429, 503])('is named in the evidence when a %i has no Retry-After', (status) => {
    expect(serverHint(acrossOrigins(status), { now })).toEqual({
      delay: undefined,
      source: undefined,
      evidence: [note],
    })
  })

  test('is not named when the header is to be seen, when another one helps, or with other statuses', () => {
    expect(serverHint(acrossOrigins(429, { 'retry-after': '1' }), { now }).evidence).not.toContain(note)
    expect(serverHint(acrossOrigins(429, { 'retry-after': 'soon' }), { now }).evidence).not.toContain(note)
    expect(serverHint(acrossOrigins(429, { 'retry-after-ms': '5' }), { now }).evidence).not.toContain(note)
    expect(serverHint(acrossOrigins(500), { now }).evidence).toEqual([])
  })

  test('is not named for a response of the same origin', () => {
    expect(read(429, {}).evidence).toEqual([])
  })
})

describe('on the border', () => {
  test('a point in time is in milliseconds from 10^12 on, and in seconds below', () => {
    const at = (value: string, clock: number) =>
      serverHint(respond(429, { 'x-ratelimit-reset': value }), { now: clock, dialect: 'epoch' }).delay
    expect(at('1000000000000', 999_999_995_000)).toBe(5000)
    expect(at('999999999999', 999_999_999_994_000)).toBe(5000)
  })

  test('of two that are equally long, the first is named', () => {
    const headers = { 'x-ratelimit-reset-after': '5', 'x-ratelimit-reset': '5' }
    expect(serverHint(respond(429, headers), { now })).toMatchObject({ delay: 5000, source: 'x-ratelimit-reset-after' })
  })

  test('what is beside a number that looks like a day is a value of its own: the comma of a date has one space', () => {
    expect(serverHint(respond(429, { 'retry-after': '5,10 x' }), { now }).delay).toBe(5000)
    expect(serverHint(respond(429, { 'retry-after': '5,  10 x' }), { now }).delay).toBe(5000)
  })
})
