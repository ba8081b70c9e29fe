import { writeFileSync } from 'node:fs'
import { assemble } from './assemble.ts'
import { readSources } from './files.ts'

// A row a line: what changed is then one line of a diff, and the file is a third of the size.
export function corpusText(): string {
  const { rows, ...head } = assemble(readSources())
  const lines = rows.map((row) => JSON.stringify(row)).join(',\n')
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": [\n${lines}\n]\n}\n`
}

if (import.meta.main) writeFileSync(new URL('../../src/corpus.json', import.meta.url), corpusText())
