import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { suggest } from '../src/index.ts'

describe('suggest', () => {
  test.each([
    ['retri', ['retry', 'timeout'], 'retry'],
    ['RETRY', ['retry', 'timeout'], 'retry'],
    ['intialDelay', ['factor', 'initialDelay', 'maxDelay'], 'initialDelay'],
    ['maxAttempt', ['maxAttempts', 'maxServerDelay'], 'maxAttempts'],
    ['timeuot', ['retry', 'timeout'], 'timeout'],
    ['jiter', ['jitter'], 'jitter'],
  ])('%s among %j is %s', (word, candidates, expected) => {
    expect(suggest(word, candidates)).toBe(expected)
  })

  test.each([
    ['a word that shares too little', 'auth', ['retry', 'timeout']],
    ['a word of which half is other', 'abcdef', ['abcxyz']],
    ['no candidates', 'retry', []],
    ['one letter against another: nothing is left of the word', 'a', ['b', 'c']],
    ['an empty word', '', ['a']],
  ])('guesses nothing for %s', (_, word, candidates) => {
    expect(suggest(word, candidates)).toBeUndefined()
  })

  test('the closest wins, and the first of several that are equally close', () => {
    expect(suggest('timeout-b', ['timeout-aa', 'timeout-c', 'timeout-d'])).toBe('timeout-c')
  })

  test('takes any iterable', () => {
    expect(suggest('retr', new Set(['retry']))).toBe('retry')
  })

  test('finds every word again after one letter was inserted, left out or changed', () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/)
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('insert', 'leave out', 'change'), (right, at, how) => {
        const i = at % right.length
        const wrong =
          how === 'insert'
            ? `${right.slice(0, i)}0${right.slice(i)}`
            : `${right.slice(0, i)}${how === 'change' ? '0' : ''}${right.slice(i + 1)}`
        expect(suggest(wrong, [right])).toBe(right)
      }),
    )
  })

  test('never throws, and gives one of the candidates or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })), (word, candidates) => {
        const guess = suggest(word, candidates)
        expect(guess === undefined || candidates.includes(guess)).toBe(true)
      }),
    )
  })
})
