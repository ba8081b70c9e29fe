import { assemble } from './assemble.ts'
import { readSources } from './files.ts'

/** What `src/corpus.json` has to be. A row a line, so that a row that changed is a line of a diff. */
export function corpusText(): string {
  const { rows, ...head } = assemble(readSources())
  const lines = rows.map((row) => JSON.stringify(row)).join(',\n')
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": [\n${lines}\n  ]\n}\n`
}
