import { readdirSync, readFileSync } from 'node:fs'
import { validateCorpus } from '../../src/validate.ts'
import type { Sources } from './assemble.ts'

const folder = new URL('../../src/', import.meta.url)

/** The text of a file in `src`. */
export function textOf(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8')
}

/** The names of the files with recorded errors, in `src/errors`. */
export function recordedFiles(): string[] {
  return readdirSync(new URL('errors/', folder)).toSorted()
}

/** All files that the corpus is made from, each checked. */
export function readSources(): Sources {
  const cases = ['statuses', 'hints', 'evidence'].map((name) => {
    const file = `data/${name}.json`
    return validateCorpus(textOf(file), { name: file, kind: 'cases' })
  })
  return {
    requests: validateCorpus(textOf('data/requests.json'), { name: 'data/requests.json', kind: 'requests' }),
    cases,
    situations: validateCorpus(textOf('data/errors.json'), { name: 'data/errors.json', kind: 'situations' }),
    reported: validateCorpus(textOf('data/reported.json'), { name: 'data/reported.json', kind: 'reported' }),
    recorded: recordedFiles().map((name) => {
      return validateCorpus(textOf(`errors/${name}`), { name: `errors/${name}`, kind: 'recorded' })
    }),
  }
}
