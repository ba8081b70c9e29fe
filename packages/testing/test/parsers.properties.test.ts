import { OptionError } from '@fetchstack/options'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseScript } from '../src/index.ts'
import { parsePattern } from '../src/server/route.ts'

const attempt = <T>(act: () => T): T | undefined => {
  try {
    return act()
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError)
    return undefined
  }
}

describe('parseScript', () => {
  const name = fc.constantFrom('200', '0', '99', '1e3', 'reset', 'drip', 'truncate', 'huge-headers', 'constructor', '')
  const key = fc.constantFrom('delay', 'early', 'size', 'sent', 'bytes', 'interval', 'body', 'x-a', '__proto__', ' ')
  const value = fc.oneof(
    fc.double().map(String),
    fc.constantFrom('', '-0', '1e400', '%', '%zz', '\n', ' '),
    fc.string(),
  )
  const pair = fc.tuple(key, value).map((parts) => parts.join('='))
  const step = fc.tuple(name, fc.array(pair, { maxLength: 3 })).map(([name, pairs]) => [name, ...pairs].join(';'))
  const script = fc.array(step, { maxLength: 4 }).map((steps) => steps.join(','))

  test('any script has a fault for each of its steps, or is refused with an OptionError', () => {
    fc.assert(
      fc.property(fc.oneof(script, fc.string({ unit: 'binary' }), fc.anything()), (text) => {
        const faults = attempt(() => parseScript(text as string))
        if (faults !== undefined) expect(faults).toHaveLength(String(text).split(',').length)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['huge-headers;bytes=16777217', 'bytes must be a whole number of bytes from 0 to 16777216'],
    ['huge-headers;bytes=1e300', 'bytes must be a whole number of bytes from 0 to 16777216'],
    ['drip;interval=1e300', 'interval must be a number of milliseconds from 0 to 2147483647'],
  ])('%s would have no end, and is refused', (text, message) => {
    expect(() => parseScript(text)).toThrow(OptionError)
    expect(() => parseScript(text)).toThrow(message)
  })

  test.each([
    ['steps', '200,'.repeat(50_000), '200'],
    ['parameters', `200${';x-a=1'.repeat(50_000)}`, ''],
    ['spaces', `200;${' '.repeat(500_000)}x-a=1`, ''],
  ])('a long list of %s is read in linear time', (_, text, end) => {
    // A quadratic reading would take minutes and run into the timeout of the test.
    expect(parseScript(text + end).length).toBeGreaterThan(0)
  })
})

describe('parsePattern', () => {
  const piece = fc.constantFrom('GET', ' ', '/', '*', ':id', ':', '(', '[', '\\', '$', '^', '.', '+', 'a', '{1}', '|')
  const near = fc.array(piece).map((pieces) => pieces.join(''))

  test('any pattern fits or does not, without an exception, or is refused with an OptionError', () => {
    fc.assert(
      fc.property(fc.oneof(near, fc.string(), fc.anything()), fc.string(), near, (text, method, path) => {
        const pattern = attempt(() => parsePattern('test', text as string))
        if (pattern !== undefined) expect(pattern.matches(method, `/${path}`)).toBeTypeOf('boolean')
      }),
      { numRuns: 500 },
    )
  })

  test('many wildcards are matched in linear time', () => {
    const pattern = parsePattern('test', '/:a'.repeat(100))
    expect(pattern.matches('GET', '/x'.repeat(100))).toBe(true)
    expect(pattern.matches('GET', '/x'.repeat(500_000))).toBe(false)
  })
})
