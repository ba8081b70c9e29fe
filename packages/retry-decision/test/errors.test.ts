import { describe, expect, it } from 'vitest'
import {
  allOf,
  anyOf,
  attemptsOver,
  type Budget,
  budgetBook,
  category,
  method,
  policy,
  ratioBudget,
  status,
  successThrottle,
  tokenBucket,
} from '../src/index.ts'

describe('an error says who was given which option, and what is wrong with it', () => {
  it.each<[message: string, option: string, make: () => unknown]>([
    ['budgetBook: budget must be a budget (it lacks initial) or false', 'budget', () => budgetBook({} as Budget)],
    ['budgetBook: unknown option "keys".', 'keys', () => budgetBook(ratioBudget(), { keys: 2 } as never)],
    ['budgetBook: maxKeys must be a whole number', 'maxKeys', () => budgetBook(ratioBudget(), { maxKeys: 1 })],
    ['ratioBudget: unknown option "rate".', 'rate', () => ratioBudget({ rate: 1 } as never)],
    ['ratioBudget: ratio must be a number of at least 0', 'ratio', () => ratioBudget({ ratio: -1 })],
    ['ratioBudget: window must be a number of at least 1', 'window', () => ratioBudget({ window: 0 })],
    [
      'successThrottle: unknown option "tokens". It takes: maxTokens, tokenRatio.',
      'tokens',
      () => successThrottle({ tokens: 1 } as never),
    ],
    [
      'successThrottle: maxTokens must be a number from 1 to 1000',
      'maxTokens',
      () => successThrottle({ maxTokens: 0 }),
    ],
    ['successThrottle: tokenRatio must be', 'tokenRatio', () => successThrottle({ tokenRatio: 0 })],
    ['tokenBucket: unknown option "size".', 'size', () => tokenBucket({ size: 1 } as never)],
    ['tokenBucket: costs: unknown option "other".', 'other', () => tokenBucket({ costs: { other: 1 } } as never)],
    ['tokenBucket: refill must be', 'refill', () => tokenBucket({ refill: 0 })],
    ['tokenBucket: costs.transient must be', 'costs.transient', () => tokenBucket({ costs: { transient: -1 } })],
    [
      'tokenBucket: costs.transient (14) is above the capacity (10), so nothing would ever be resent: raise the capacity.',
      'costs.transient',
      () => tokenBucket({ capacity: 10 }),
    ],
    ['status: code must be a whole number from 100 to 999, got 99.', 'code', () => status(99)],
    ['status: end of range must be a whole number from 500 to 999', 'end of range', () => status([500, 400])],
    ['category: category must be one of "success", "redirect",', 'category', () => category('none' as never)],
    ['method: method must be a method name', 'method', () => method('')],
    ['attemptsOver: count must be a whole number of at least 1, got 1.5.', 'count', () => attemptsOver(1.5)],
    ['allOf: condition must be a function', 'condition', () => allOf(1 as never)],
    ['anyOf: condition must be a function', 'condition', () => anyOf(1 as never)],
    [
      'policy: statuses: unknown option "also". It takes: only, add, remove.',
      'also',
      () => policy({ statuses: { also: [] } as never }),
    ],
    [
      'policy: statuses.add[0] must be a whole number from 400 to 999, got 404.5.',
      'statuses.add[0]',
      () => policy({ statuses: { add: [404.5] } }),
    ],
    [
      'policy: statuses.remove[0] names 404 again: leave out one.',
      'statuses.remove[0]',
      () => policy({ statuses: { add: [404], remove: [404] } }),
    ],
  ])('%s', (message, option, make) => {
    const thrown = thrownBy(make)
    expect(thrown).toMatchObject({ name: 'OptionError', option })
    expect(thrown.message.slice(0, message.length)).toBe(message)
  })
})

function thrownBy(make: () => unknown): Error {
  try {
    make()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
