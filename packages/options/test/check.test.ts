import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkFunction, checkNumber, checkOneOf, checkOptions, OptionError, refuse } from '../src/index.ts'

function errorOf(check: () => void): OptionError {
  try {
    check()
  } catch (error) {
    if (error instanceof OptionError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('OptionError', () => {
  test('is a TypeError with a literal name and a stable code, and says whose option it is', () => {
    const error = new OptionError('retry', 'maxAttempts', 'maxAttempts is odd.')
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({
      name: 'OptionError',
      code: 'FETCHSTACK_INVALID_OPTION',
      owner: 'retry',
      option: 'maxAttempts',
      message: 'retry: maxAttempts is odd.',
    })
    expect(String(error)).toBe('OptionError: retry: maxAttempts is odd.')
  })
})

describe('checkOptions', () => {
  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['known keys', { budget: 1, maxAttempts: undefined }],
    ['an object without a prototype', Object.assign(Object.create(null), { budget: 1 })],
    ['inherited keys, which nobody set here', Object.create({ colour: 'red' })],
  ])('takes %s', (_, options) => {
    expect(() => checkOptions('retry', options, ['maxAttempts', 'budget'])).not.toThrow()
  })

  test('an unknown key is named, with the closest known one and all that exist', () => {
    const error = errorOf(() => checkOptions('retry', { maxAttemps: 3 }, ['maxAttempts', 'budget']))
    expect(error.option).toBe('maxAttemps')
    expect(error.message).toBe(
      'retry: unknown option "maxAttemps". Did you mean "maxAttempts"? It takes: maxAttempts, budget.',
    )
  })

  test('an unknown key that is like none gets no guess', () => {
    const error = errorOf(() => checkOptions('retry', { colour: 'red' }, ['maxAttempts', 'budget']))
    expect(error.message).toBe('retry: unknown option "colour". It takes: maxAttempts, budget.')
  })

  test('a key with the value undefined still has to be known', () => {
    expect(errorOf(() => checkOptions('retry', { colour: undefined }, ['budget'])).option).toBe('colour')
  })

  test.each([
    ['null', null, 'null'],
    ['a number', 5, '5'],
    ['a boolean', false, 'false'],
    ['an array', [{ budget: 1 }], 'an array'],
    ['a function', function backoff() {}, 'a function'],
  ])('refuses %s in place of an object', (_, options, shown) => {
    const error = errorOf(() => checkOptions('retry', options, ['budget']))
    expect(error.option).toBe('')
    expect(error.message).toBe(`retry: options must be an object, got ${shown}. It takes: budget.`)
  })

  test('never prints a string that was passed in place of the options: it may be a credential', () => {
    expect(errorOf(() => checkOptions('bearer', 'sk-secret', ['origins'])).message).toBe(
      'bearer: options must be an object, got a string. It takes: origins.',
    )
  })
})

describe('checkNumber', () => {
  test.each([
    ['0 by default', 0, {}],
    ['a fraction by default', 0.5, {}],
    ['both ends of a range', 1, { min: 1, max: 1 }],
    ['a negative number where min allows it', -5, { min: -10 }],
    ['Infinity where max allows it', Infinity, { max: Infinity }],
    ['Infinity as a whole number where max allows it', Infinity, { max: Infinity, integer: true }],
    ['a whole number', 3, { integer: true }],
    ['no range at all', 7, undefined],
  ])('takes %s', (_, value, range) => {
    expect(() => checkNumber('retry', 'spread', value, range)).not.toThrow()
  })

  test.each([
    [-1, {}, 'spread must be a number of at least 0, got -1.'],
    [Number.NaN, {}, 'spread must be a number of at least 0, got NaN.'],
    [Infinity, {}, 'spread must be a number of at least 0, got Infinity.'],
    [Infinity, { max: 5 }, 'spread must be a number from 0 to 5, got Infinity.'],
    [-Infinity, { max: Infinity }, 'spread must be a number of at least 0, got -Infinity.'],
    [1.5, { min: 1, max: 9, integer: true }, 'spread must be a whole number from 1 to 9, got 1.5.'],
    [Number.NaN, { integer: true }, 'spread must be a whole number of at least 0, got NaN.'],
    [-1, { unit: 'milliseconds' }, 'spread must be a number of milliseconds of at least 0, got -1.'],
    [6, { max: 5, unit: 'seconds' }, 'spread must be a number of seconds from 0 to 5, got 6.'],
    ['5', {}, 'spread must be a number of at least 0, got "5".'],
    [5n, {}, 'spread must be a number of at least 0, got 5n.'],
    [null, {}, 'spread must be a number of at least 0, got null.'],
    [undefined, {}, 'spread must be a number of at least 0, got undefined.'],
    [true, {}, 'spread must be a number of at least 0, got true.'],
    [Symbol('s'), {}, 'spread must be a number of at least 0, got Symbol(s).'],
    [{ secret: 'x' }, {}, 'spread must be a number of at least 0, got an object.'],
    [[1], {}, 'spread must be a number of at least 0, got an array.'],
    [new Date(0), {}, 'spread must be a number of at least 0, got an object.'],
    [() => 5, {}, 'spread must be a number of at least 0, got a function.'],
  ])('refuses %s with %o', (value, range, message) => {
    const error = errorOf(() => checkNumber('retry', 'spread', value, range))
    expect(error.option).toBe('spread')
    expect(error.message).toBe(`retry: ${message}`)
  })

  test('takes exactly the numbers of its range', () => {
    fc.assert(
      fc.property(fc.double(), fc.double({ noNaN: true }), fc.double({ noNaN: true }), (value, a, b) => {
        const [min, max] = a < b ? [a, b] : [b, a]
        let refused = false
        try {
          checkNumber('x', 'y', value, { min, max })
        } catch {
          refused = true
        }
        expect(refused).toBe(!(value >= min && value <= max))
      }),
    )
  })
})

describe('checkFunction', () => {
  test('takes functions of every kind', () => {
    for (const value of [() => 0, async () => 0, Date, Math.max]) {
      expect(() => checkFunction('retry', 'schedule', value)).not.toThrow()
    }
  })

  test('names the option and the value', () => {
    expect(errorOf(() => checkFunction('retry', 'schedule', 1000)).message).toBe(
      'retry: schedule must be a function, got 1000.',
    )
  })
})

describe('checkOneOf', () => {
  test('takes each of the values, NaN too', () => {
    expect(() => checkOneOf('x', 'y', 'full', ['none', 'full'])).not.toThrow()
    expect(() => checkOneOf('x', 'y', Number.NaN, [Number.NaN])).not.toThrow()
  })

  test('names all that it takes', () => {
    const error = errorOf(() => checkOneOf('exponential', 'jitter', 'Full', ['none', 'full', false]))
    expect(error.message).toBe('exponential: jitter must be one of "none", "full", false, got "Full".')
  })
})

describe('refuse', () => {
  test('names the option, what it takes and what it got', () => {
    const error = errorOf(() => refuse('policy', 'rules', 'stop', 'an array'))
    expect(error).toMatchObject({
      owner: 'policy',
      option: 'rules',
      message: 'policy: rules must be an array, got "stop".',
    })
  })
})

describe('what messages show of a value', () => {
  test('a string of 40 letters is whole, a longer one is cut', () => {
    const text = 'abcdefgh'.repeat(5)
    expect(errorOf(() => checkFunction('x', 'y', text)).message).toContain(`got "${text}".`)
    expect(errorOf(() => checkFunction('x', 'y', `${text}i`)).message).toContain(`got "${text}…".`)
  })

  test('however long a string is, the message is short and on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200, size: 'max' }), (text) => {
        const { message } = errorOf(() => checkFunction('x', 'y', text))
        expect(message).not.toContain('\n')
        // 40 letters, each at most six characters long once it is escaped.
        expect(message.length).toBeLessThan(40 * 6 + 60)
      }),
    )
  })
})
