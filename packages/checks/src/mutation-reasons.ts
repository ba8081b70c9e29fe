/** Why a mutant that no test kills changes nothing that could be tested. */
export interface Reason {
  /** The file, from the root. */
  readonly file: string
  /** What the mutant replaces, or how it begins. Default: anything. */
  readonly code?: string
  /** What it becomes. Default: anything. */
  readonly becomes?: string
  readonly why: string
}

export const reasons: readonly Reason[] = [
  {
    file: 'packages/retry-decision/src/budget-book.ts',
    code: 'after === before',
    becomes: 'false',
    why: 'Saves a write: the same state is written again.',
  },
  {
    file: 'packages/retry-decision/src/conditions.ts',
    code: 'true',
    becomes: 'false',
    why: 'Only the keys of the list of categories are read; the values are there for the compiler.',
  },
  {
    file: 'packages/retry-decision/src/policy.ts',
    code: '[]',
    why: 'A text in the list of statuses that were seen is equal to none of them.',
  },
  {
    file: 'packages/retry-decision/src/ratio-budget.ts',
    code: 'age < 0',
    becomes: 'age <= 0',
    why: 'A start that is now is set to now.',
  },
  {
    file: 'packages/backoff/src/http-date.ts',
    code: '/^',
    why: 'What is left around a date makes it another text than toUTCString writes, which is compared in the end. The anchors save time.',
  },
  {
    file: 'packages/backoff/src/presets.ts',
    code: 'retry >= 1',
    becomes: 'retry > 1',
    why: 'The first retry becomes the first.',
  },
  {
    file: 'packages/backoff/src/rate-limit.ts',
    code: "''",
    why: 'It stands for a header that is missing, and the text is none that could be read either.',
  },
  {
    file: 'packages/backoff/src/rate-limit.ts',
    code: "'an inner list'",
    why: 'Thrown to be caught: the text is for who reads the code.',
  },
  {
    file: 'packages/backoff/src/rate-limit.ts',
    code: "'not a count'",
    why: 'Thrown to be caught: the text is for who reads the code.',
  },
  {
    file: 'packages/backoff/src/read-header.ts',
    code: "''",
    why: 'It stands for a header that is missing, and the text is no date either.',
  },
  {
    file: 'packages/backoff/src/read-header.ts',
    code: 'text.trim().slice',
    becomes: 'text.trim()',
    why: 'Only the time differs: without it a pattern takes the square of the length, which the property tests show with a megabyte.',
  },
  {
    file: 'packages/backoff/src/read-header.ts',
    code: 'wait > longest',
    becomes: 'wait >= longest',
    why: 'The same number is taken again.',
  },
  {
    file: 'packages/backoff/src/reset-headers.ts',
    code: 'value >= 0',
    becomes: 'value > 0',
    why: '0 milliseconds are then read as 0 seconds.',
  },
  {
    file: 'packages/backoff/src/reset-headers.ts',
    code: '/^',
    why: 'V8 refuses a time with a text around it, too. Other engines need not.',
  },
  {
    file: 'packages/backoff/src/schedules.ts',
    code: 'previous > initialDelay',
    becomes: 'previous >= initialDelay',
    why: 'Both branches give the same where both are equal.',
  },
  {
    file: 'packages/status-classifier/src/network-error.ts',
    code: 'i < chain.length',
    why: 'Beyond the end there is `undefined`, from which nothing can be read.',
  },
  {
    file: 'packages/status-classifier/src/network-error.ts',
    code: 'errors.slice',
    why: 'No more than 16 errors are looked at in any case; this one saves a copy of the others.',
  },
  {
    file: 'packages/status-classifier/src/network-error.ts',
    code: '`${name}: ${message}`.slice',
    why: 'Only the time differs: what a message says stands at its beginning.',
  },
  {
    file: 'packages/status-classifier/src/proxy-status.ts',
    code: "''",
    why: 'It stands for a header that is missing, and the text names no error.',
  },
  {
    file: 'packages/status-classifier/src/readers/vendor-headers.ts',
    code: '[]',
    why: 'A row without a header is asked for a header without a name, which there is none of.',
  },
]
