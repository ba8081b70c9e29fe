import { describe, expect, it } from 'vitest'
import { corpus } from '../src/index.ts'
import { validateCorpus } from '../src/validate.ts'
import { assemble } from './support/assemble.ts'
import { corpusText } from './support/corpus-text.ts'
import { readSources, recordedFiles, textOf } from './support/files.ts'

const sources = readSources()
const { rows } = corpus

describe('corpus.json', () => {
  it('is what its sources give: run "node packages/corpus/test/support/write-corpus.ts"', () => {
    // Not compared as texts: a diff of half a megabyte takes minutes to print.
    expect(textOf('corpus.json') === corpusText()).toBe(true)
  })

  it('fits its schema, as text and as data', () => {
    expect(validateCorpus(textOf('corpus.json'), { name: 'corpus.json' })).toEqual(corpus)
    expect(validateCorpus(corpus)).toBe(corpus)
  })

  it('has rows of every kind', () => {
    expect(new Set(rows.map(({ id }) => id.split('/')[0]))).toEqual(
      new Set(['status', 'hint', 'evidence', 'error', 'reported']),
    )
  })

  it('names the method of the row in its id', () => {
    for (const { id, request } of rows) expect(id.split('/').at(-1)!.split('-')[0]!.toUpperCase()).toBe(request.method)
  })

  it('names the status of the row in the ids of statuses', () => {
    const named = rows.flatMap(({ id, outcome }) => {
      return id.startsWith('status/') && 'response' in outcome
        ? [[id.split('/')[1], String(outcome.response.status)]]
        : []
    })
    expect(named.filter(([inId, status]) => inId !== status)).toEqual([])
  })

  it('has a wait that is none below the hint, and ends where it begins or later', () => {
    for (const { id, expected } of rows) {
      const { min = 0, max = 0 } = expected.decision.delay ?? {}
      expect([id, min <= max && (expected.decision.action !== 'retry' || min >= (expected.hint?.delay ?? 0))]).toEqual([
        id,
        true,
      ])
    }
  })

  it('has a source for every row, and an https address wherever there is one', () => {
    for (const { reference } of rows) expect(URL.canParse(reference.url ?? 'https://none')).toBe(true)
  })

  it('never expects a resend of what may have been acted on, unless it is idempotent or the server says so', () => {
    const risky = rows.filter(({ request, expected: { verdict, decision } }) => {
      const repeatable =
        corpus.policy.idempotentMethods.includes(request.method) || 'idempotency-key' in request.headers
      return decision.action === 'retry' && verdict.processed !== 'no' && !repeatable && verdict.directive !== 'go'
    })
    expect(risky.map(({ id }) => id)).toEqual([])
  })

  it('never expects a resend of an aborted call, or of a body that is gone', () => {
    const wrong = rows.filter(({ request, expected: { decision } }) => {
      return decision.action === 'retry' && (request.aborted || request.replay === 'never')
    })
    expect(wrong).toEqual([])
  })
})

describe('the statuses', () => {
  const found = new Set(sources.cases[0]!.cases.map(({ response }) => response.status))

  it.each([
    ['registered', [100, 101, 102, 103, 104, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226]],
    ['redirects', [300, 301, 302, 303, 304, 305, 306, 307, 308]],
    ['of the client', [...range(400, 418), ...range(421, 426), 428, 429, 431, 451]],
    ['of the server', [...range(500, 508), 510, 511]],
    ['well known', [0, 218, 419, 420, 430, 440, 444, 449, 450, 460, 463, 464, ...range(494, 499), 509]],
    ['well known, of proxies', [...range(520, 527), 529, 530, 540, 561, 562, 598, 599, 783, 999]],
  ])('have all that are %s', (_, statuses) => {
    expect(statuses.filter((status) => !found.has(status))).toEqual([])
  })

  it('are told for GET and POST', () => {
    for (const { id, decisions } of sources.cases[0]!.cases) {
      expect([id, 'get' in decisions && 'post' in decisions]).toEqual([id, true])
    }
  })
})

describe('the recorded errors', () => {
  it.each(recordedFiles())('%s is of the runtime that it is named for', (file) => {
    expect(`${validateCorpus(textOf(`errors/${file}`), { kind: 'recorded' }).runtime}.json`).toBe(file)
  })

  it.each(recordedFiles())('%s tells nothing of the machine that it was recorded on', (file) => {
    const text = textOf(`errors/${file}`)
    expect(text).not.toMatch(/(127\.0\.0\.1|localhost|\[::1\]):\d/)
    expect(text).not.toMatch(/\/(home|root|tmp|work|Users|usr)\//)
    expect(text).not.toContain('"stack"')
  })

  it.each(sources.recorded)(
    '$runtime is told of in each situation that it has an override for, or was not brought there',
    (one) => {
      const { situations } = sources.situations
      const named = Object.keys(situations).filter((name) => situations[name]!.runtimes?.[one.runtime])
      // An override of what the runtime never throws would say something that nobody can check.
      expect(named.filter((name) => 'absent' in (one.situations[name] ?? {}))).toEqual([])
    },
  )

  it('use every outcome there is', () => {
    const { outcomes, situations } = sources.situations
    const used = new Set(sources.reported.errors.map(({ outcome }) => outcome))
    for (const { outcome, runtimes = {} } of Object.values(situations)) {
      used.add(outcome)
      for (const override of Object.values(runtimes)) used.add(override.outcome)
    }
    expect(Object.keys(outcomes).filter((name) => !used.has(name))).toEqual([])
  })
})

describe('assemble', () => {
  const [recorded] = sources.recorded
  const absent = { absent: 'Not here.' }

  it('refuses a situation that nobody has described, and names the file', () => {
    const wrong = { ...recorded!, situations: { 'refused-twice': absent } }
    expect(() => assemble({ ...sources, recorded: [wrong] })).toThrow(
      /^errors\/[a-z0-9-]+\.json: there is no "refused-twice"\. There are: .*refused/,
    )
  })

  it('refuses an outcome that is not among the outcomes', () => {
    const error = { ...sources.reported.errors[0]!, outcome: 'toString' }
    expect(() => assemble({ ...sources, reported: { errors: [error] } })).toThrow('there is no "toString"')
  })

  it('has no row for what a runtime does not throw', () => {
    const none = { ...recorded!, situations: { refused: absent } }
    expect(assemble({ ...sources, recorded: [none] }).rows.some(({ id }) => id.startsWith('error/'))).toBe(false)
  })

  it('takes the shape of a POST for requests with a body, where there is one', () => {
    const shape = (message: string) => ({ name: 'TypeError', message, classes: ['TypeError', 'Error'] })
    const both = { ...recorded!, situations: { refused: { error: shape('get'), post: shape('post') } } }
    const { rows: made } = assemble({ ...sources, recorded: [both] })
    const messages = made.flatMap(({ id, outcome }) => {
      return id.startsWith('error/') && 'error' in outcome ? [[id.split('/').at(-1), outcome.error.shape.message]] : []
    })
    expect(messages).toEqual([
      ['get', 'get'],
      ['post', 'post'],
    ])
  })
})

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
