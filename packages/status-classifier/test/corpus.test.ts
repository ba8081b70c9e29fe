import { type CorpusRow, corpus, reviveError } from '@fetchstack/corpus'
import { describe, expect, test } from 'vitest'
import { classify, defaultReaders, type Outcome, statusTable, type Verdict } from '../src/index.ts'
import { proxyStatus } from '../src/proxy-status.ts'

function verdictOf({ request, outcome, reads = [] }: CorpusRow): Verdict {
  const { method, aborted = false } = request
  const readers = reads.includes('proxy-status') ? [...defaultReaders, proxyStatus] : defaultReaders
  return classify(outcomeOf(outcome), { method, signal: { aborted } }, { readers })
}

function outcomeOf(outcome: CorpusRow['outcome']): Outcome {
  if ('error' in outcome) return { error: reviveError(outcome.error.shape) }
  const { status, headers } = outcome.response
  return { response: { status, headers: new Headers(headers) } }
}

const kinds = [...new Set(corpus.rows.map(({ id }) => id.split('/')[0]!))]

describe.each(kinds)('the verdict of the corpus on %s', (kind) => {
  test.each(corpus.rows.filter(({ id }) => id.startsWith(`${kind}/`)))('$id: $about', (row) => {
    const { category, fault, durability, processed, retry, directive, maxRetries } = verdictOf(row)
    expect({ category, fault, durability, processed, retry, directive, maxRetries }).toEqual(row.expected.verdict)
  })
})

test('the corpus has a row for every status of the table', () => {
  const found = new Set(corpus.rows.flatMap(({ outcome }) => ('response' in outcome ? [outcome.response.status] : [])))
  expect(statusTable().filter(({ status }) => !found.has(status))).toEqual([])
})
