import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Arguments } from '../src/arguments.ts'
import type { RuntimeName } from '../src/contract.ts'
import { processHost } from '../src/hosts/process.ts'
import { findChromium } from '../src/install/chromium.ts'
import { type MatrixOptions, type Report, runMatrix } from '../src/matrix.ts'
import type { Verdict } from '../src/verdicts.ts'

const args: Arguments = {
  help: false,
  runtimes: ['node-26'],
  suites: ['disasters'],
  cases: [],
  json: undefined,
  strict: false,
  record: false,
  source: true,
  jobs: 2,
}
const absent = 'there is no package for it'
const options: MatrixOptions = {
  suites: [
    {
      name: 'disasters',
      title: '',
      entry: '../test/fixtures/disasters.ts',
      check: '../test/fixtures/disasters-check.ts',
    },
  ],
  consumer: undefined,
  log: () => {},
  timeLimit: 2_000,
  grace: 500,
  setUp: async (runtime, trust) => {
    if (runtime === 'bun') throw new Error(absent)
    return processHost({ runtime, program: process.execPath, trust })
  },
}
const verdictOf = ({ verdicts }: Report, id: string, runtime: RuntimeName = 'node-26'): Verdict | undefined =>
  verdicts.find((verdict) => verdict.id === id && verdict.runtime === runtime)

describe('a run in which everything goes wrong', () => {
  let report: Report
  beforeAll(async () => {
    report = await runMatrix(args, options)
  })

  it.each([
    ['throws', /^TypeError: thrown by the case[^]*caused by Error: because/],
    ['never-settles', /Not done within its time limit of 100 ms/],
    ['spins', /did not answer within 600 ms and was ended/],
    ['exits', /The process ended \(exit code 7\)/],
    ['leaves-a-rejection', /A rejection was not handled: Error: nobody looks/],
    ['bad-script', /asked for what it can't do: .*there is no fault "explode"/],
    ['not-json', /BigInt/],
  ])('%s is a failure of that case', (id, text) => {
    expect(verdictOf(report, id)).toMatchObject({ status: 'failed', text: expect.stringMatching(text) })
  })

  it('goes on to the last case, each reported once, in a new process where one died', () => {
    expect(verdictOf(report, 'fine/last')).toMatchObject({ status: 'ok' })
    expect(report.verdicts).toHaveLength(12)
  })

  it('tells what differs', () => {
    expect(verdictOf(report, 'differs')).toMatchObject({
      status: 'differs',
      text: '.value: expected 1, got 2\n.list[1].deep: expected "a", got "b"\n.more: expected true, got nothing',
    })
  })

  it('tells what can not be run there', () => {
    expect(verdictOf(report, 'elsewhere')).toMatchObject({ status: 'n.a.', text: 'not on node-26' })
  })

  it('keeps to the own fetch of the runtime while a case has patched it', () => {
    expect(verdictOf(report, 'patches')).toMatchObject({ status: 'ok' })
  })

  it('has the version of the runtime', () => {
    expect(report.columns).toEqual([{ runtime: 'node-26', note: process.versions.node }])
  })

  it('leaves nothing in the temporary folder', () => {
    const mine = readdirSync(tmpdir()).filter(
      (name) => name.startsWith('fetchstack-') && name.includes(`-${process.pid}-`),
    )
    expect(mine).toEqual([])
  })
})

const few: Arguments = { ...args, cases: ['fine/*'] }

it('runs only the cases that were asked for', async () => {
  const { verdicts } = await runMatrix(few, options)
  expect(verdicts.map(({ id }) => id)).toEqual(['fine/first', 'fine/last'])
})

it('says so when no case fits', async () => {
  const { problems } = await runMatrix({ ...args, cases: ['nowhere'] }, options)
  expect(problems).toEqual(['No case fits nowhere.'])
})

it('reports a runtime that can not be set up as skipped, by name and with the reason', async () => {
  const report = await runMatrix({ ...few, runtimes: ['node-26', 'bun'] }, options)
  expect(report.skipped).toEqual([{ runtime: 'bun', reason: absent }])
  expect(report.columns.at(-1)).toEqual({ runtime: 'bun', note: 'skipped' })
  expect(report.problems).toEqual([])
})

it('skips nothing when it is strict: what can not be set up is a problem', async () => {
  const report = await runMatrix({ ...few, runtimes: ['node-26', 'bun'], strict: true }, options)
  expect(report.skipped).toEqual([])
  expect(report.problems).toEqual([`bun could not be set up: ${absent}`])
})

it('hands everything to the recorder instead of comparing when it records', async () => {
  const report = await runMatrix({ ...args, cases: ['differs'], record: true }, options)
  expect(report.recorded).toEqual(['recorded node-26'])
  expect(report.verdicts).toMatchObject([{ id: 'differs', status: 'ok' }])
})

it('names a Chromium that is not there', async () => {
  await expect(findChromium({ CHROMIUM_PATH: '/nowhere/chromium' })).rejects.toThrow(
    'CHROMIUM_PATH is /nowhere/chromium, and there is no such file',
  )
})
