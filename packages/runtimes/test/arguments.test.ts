import { describe, expect, it } from 'vitest'
import { type Choices, isWanted, readArguments, UsageError, usage } from '../src/arguments.ts'
import { RUNTIMES } from '../src/runtimes.ts'

const choices: Choices = { runtimes: RUNTIMES, suites: ['smoke', 'behaviours'] }
const read = (...args: string[]) => readArguments(args, choices, {})
const refusal = (...args: string[]): string => {
  try {
    read(...args)
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as Error).message
  }
  throw new Error('not refused')
}

describe('the command line', () => {
  it('without options asks for all runtimes and suites, two runtimes at a time', () => {
    expect(read()).toMatchObject({ runtimes: RUNTIMES, suites: choices.suites, cases: [], jobs: 2, strict: false })
  })

  it('takes several names, repeated or with commas, and keeps the order of the table', () => {
    expect(read('--runtime', 'workerd', '--runtime', 'bun,node-22').runtimes).toEqual(['node-22', 'bun', 'workerd'])
    expect(read('--suite=behaviours').suites).toEqual(['behaviours'])
  })

  it('passes over the -- that a package manager hands on', () => {
    expect(read('--', '--record').record).toBe(true)
  })

  it.each([
    [['--runtime', 'wokerd'], 'There is no runtime "wokerd". Did you mean "workerd"? There are: node-22, node-24'],
    [['--runtime', 'safari'], 'There is no runtime "safari". There are: node-22, node-24'],
    [
      ['--suite', 'behaviour'],
      'There is no suite "behaviour". Did you mean "behaviours"? There are: smoke, behaviours.',
    ],
    [['--runtimes', 'bun'], 'There is no option --runtimes. Did you mean "--runtime"? There are: --runtime, --suite'],
    [['--jobs', '0'], '--jobs must be a whole number from 1 on, got "0".'],
    [['--jobs', 'many'], '--jobs must be a whole number from 1 on, got "many".'],
    [['--runtime'], "Option '--runtime"],
    [['bun'], "Unexpected argument 'bun'"],
  ])('refuses %j and says what there is', (args, text) => {
    expect(refusal(...args)).toContain(text)
  })

  it.each([
    ['1', true],
    ['true', true],
    ['', false],
    ['false', false],
    [undefined, false],
  ])('with CI=%j, nothing may be skipped: %j', (CI, strict) => {
    expect(readArguments([], choices, { CI }).strict).toBe(strict)
  })

  it('explains itself with all names', () => {
    for (const name of [...RUNTIMES, ...choices.suites]) expect(usage(choices)).toContain(name)
  })
})

it.each([
  ['refused/get', [], true],
  ['refused/get', ['fus'], true],
  ['refused/get', ['refused/*'], true],
  ['refused/get', ['get*'], false],
  ['refused/get', ['post', '*get'], true],
  ['a.b', ['axb'], false],
])('case %s with --case %j: %j', (id, patterns, wanted) => {
  expect(isWanted(id, patterns)).toBe(wanted)
})
