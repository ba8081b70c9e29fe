import { CorpusError } from '../../src/corpus-error.ts'
import type {
  Corpus,
  CorpusCases,
  CorpusRequests,
  CorpusRow,
  CorpusSituations,
  RecordedErrors,
  ReportedErrors,
} from '../../src/types.ts'

/** What the corpus is made from. */
export interface Sources {
  readonly requests: CorpusRequests
  readonly cases: readonly CorpusCases[]
  readonly situations: CorpusSituations
  readonly reported: ReportedErrors
  readonly recorded: readonly RecordedErrors[]
}

/** Makes the one file of all rows: a row for every case and kind of request, and for every recorded error and kind of request. */
export function assemble(sources: Sources): Corpus {
  const { version, policy } = sources.requests
  const rows = [...caseRows(sources), ...recordedRows(sources), ...reportedRows(sources)]
  return { $schema: './corpus.schema.json', format: 1, version, policy, rows }
}

function caseRows({ cases, requests }: Sources): CorpusRow[] {
  return cases.flatMap((file) =>
    file.cases.flatMap(({ id, about, response, reads, dialect, verdict, hint, decisions, reference }) =>
      Object.entries(decisions).map(([kind, decision]) => ({
        id: `${id}/${kind}`,
        about,
        request: known(requests.requests, kind, 'data/requests.json'),
        outcome: { response },
        now: requests.now,
        ...(reads && { reads }),
        ...(dialect && { dialect }),
        expected: { verdict, ...(hint && { hint }), decision },
        reference,
      })),
    ),
  )
}

function recordedRows({ recorded, requests, situations: { outcomes, situations } }: Sources): CorpusRow[] {
  return recorded.flatMap(({ runtime, version, situations: found }) =>
    Object.entries(found).flatMap(([name, one]) => {
      const situation = known(situations, name, `errors/${runtime}.json`)
      if ('absent' in one) return []
      const outcome = situation.runtimes?.[runtime]?.outcome ?? situation.outcome
      const { verdict, decisions } = known(outcomes, outcome, 'data/errors.json')
      return (situation.methods ?? ['get', 'post']).map((kind) => {
        const { aborted } = situation
        const shape = kind !== 'get' && one.post ? one.post : one.error
        return {
          id: `error/${runtime}/${name}/${kind}`,
          about: situation.about,
          request: { ...known(requests.requests, kind, 'data/requests.json'), ...(aborted && { aborted }) },
          outcome: { error: { runtime, version, situation: name, phase: situation.phase, shape } },
          now: requests.now,
          expected: { verdict, decision: known(decisions, kind, `data/errors.json, outcome ${outcome}`) },
          reference: situation.reference,
        }
      })
    }),
  )
}

function reportedRows({ reported, requests, situations: { outcomes, situations } }: Sources): CorpusRow[] {
  return reported.errors.flatMap(({ id, about, runtime, version, situation, shape, outcome, reference }) => {
    const { verdict, decisions } = known(outcomes, outcome, 'data/reported.json')
    const { phase } = known(situations, situation, 'data/reported.json')
    return ['get', 'post'].map((kind) => ({
      id: `reported/${id}/${kind}`,
      about,
      request: known(requests.requests, kind, 'data/requests.json'),
      outcome: { error: { runtime, version, situation, phase, shape } },
      now: requests.now,
      expected: { verdict, decision: known(decisions, kind, `data/errors.json, outcome ${outcome}`) },
      reference,
    }))
  })
}

function known<T>(table: Readonly<Record<string, T>>, name: string, file: string): T {
  if (!Object.hasOwn(table, name)) {
    const names = Object.keys(table).toSorted().join(', ')
    throw new CorpusError(file, '', undefined, `there is no "${name}". There are: ${names}.`)
  }
  return table[name]!
}
