import data from './corpus.json' with { type: 'json' }
import type { Corpus } from './types.ts'

/**
 * All rows: requests, what came of them, and what is expected to be made of that. The same data is `@fetchstack/corpus/corpus.json`.
 *
 * @example
 * ```ts
 * import { corpus } from '@fetchstack/corpus'
 *
 * for (const { id, outcome, expected } of corpus.rows) {
 *   if ('response' in outcome) console.log(id, outcome.response.status, expected.verdict.processed)
 * }
 * ```
 */
export const corpus: Corpus = data as unknown as Corpus // JSON is read with wider types; that it fits is tested.

export { reviveError } from './revive.ts'
export type {
  Corpus,
  CorpusPolicy,
  CorpusRequest,
  CorpusResponse,
  CorpusRow,
  CorpusThrown,
  ErrorShape,
  ExpectedDecision,
  ExpectedHint,
  ExpectedVerdict,
  Recorded,
  RecordedErrors,
  Reference,
  RuntimeName,
} from './types.ts'
