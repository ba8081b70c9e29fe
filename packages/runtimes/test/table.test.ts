import { expect, it } from 'vitest'
import type { CaseResult, RuntimeName } from '../src/contract.ts'
import { difference } from '../src/difference.ts'
import { renderDetails, renderInapplicable, renderTable } from '../src/table.ts'
import { judge } from '../src/verdicts.ts'

const groups = new Map([
  ['refused/get', 'refused'],
  ['refused/post', 'refused'],
  ['h2/get', 'h2'],
])
const results = new Map<RuntimeName, CaseResult[]>([
  [
    'node-26',
    [
      { id: 'refused/get', observation: { requests: 1 } },
      { id: 'refused/post', observation: { requests: 2 } },
      { id: 'h2/get', observation: { requests: 1 } },
    ],
  ],
  [
    'bun',
    [
      { id: 'refused/get', failure: 'Error: thrown\n    at case' },
      { id: 'refused/post', observation: { requests: 1 } },
      { id: 'h2/get', inapplicable: 'speaks no HTTP/2' },
    ],
  ],
])
const verdicts = judge('behaviours', groups, results, ({ observation }) => difference({ requests: 1 }, observation))

it('has the groups as rows and the runtimes as columns, and a cell tells the worst', () => {
  const columns = [
    { runtime: 'node-26', note: '26.10.0' },
    { runtime: 'bun', note: '1.4.5' },
    { runtime: 'deno', note: 'skipped' },
  ] as const
  expect(renderTable(verdicts, columns)).toBe(
    [
      '            node-26         bun            deno',
      '            26.10.0         1.4.5          skipped',
      'BEHAVIOURS',
      '  refused   differs 1 of 2  failed 1 of 2  -',
      '  h2        ok 1            n.a.           -',
    ].join('\n'),
  )
})

it('tells of each case that is not as expected what differs or why it failed', () => {
  expect(renderDetails(verdicts)).toBe(
    [
      'node-26  behaviours  refused/post: differs',
      '    .requests: expected 1, got 2',
      '',
      'bun  behaviours  refused/get: failed',
      '    Error: thrown',
      '        at case',
    ].join('\n'),
  )
})

it('names the runtimes that can not run a case, and why', () => {
  expect(renderInapplicable(verdicts)).toBe('  behaviours: speaks no HTTP/2 (bun; 1 n.a.)')
})

it('judges a case by the results of other runtimes too', () => {
  const [, second] = judge('behaviours', groups, results, ({ id }, runtime, all) => {
    return all(id, 'bun')?.failure === undefined && runtime === 'node-26' ? 'bun ran it' : undefined
  })
  expect(second).toMatchObject({ id: 'refused/post', status: 'differs', text: 'bun ran it' })
})

it.each([
  [{ a: 1, b: [1] }, { b: [1], a: 1 }, undefined],
  [{ a: undefined }, {}, undefined],
  [{ a: 1 }, undefined, '(all): expected {"a":1}, got nothing'],
  [undefined, { a: 1 }, '(all): expected nothing, got {"a":1}'],
  [{ a: [1] }, { a: { 0: 1 } }, '.a: expected [1], got {"0":1}'],
  [{ a: { 'x-y': null } }, { a: {} }, '.a["x-y"]: expected null, got nothing'],
  [{ a: [1, 2] }, { a: [1] }, '.a[1]: expected 2, got nothing'],
])('the difference of %j and %j', (expected, got, text) => {
  expect(difference(expected, got)).toBe(text)
})
