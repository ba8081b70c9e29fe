import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { statusTable } from '../src/index.ts'

it('the table of statuses in the README is the table of the source', () => {
  const groups = new Map<string, number[]>()
  for (const { status, category, fault, durability, processed, retry, maxRetries } of statusTable()) {
    const cap = maxRetries === undefined ? '' : `, at most ${maxRetries}`
    const row = [category, fault, durability, processed, retry + cap].join(' | ')
    groups.set(row, [...(groups.get(row) ?? []), status])
  }
  const lines = [...groups].map(([row, statuses]) => `| ${statuses.join(', ')} | ${row} |`)
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  // The formatter pads the columns.
  expect(readme.replaceAll(/ +/g, ' ')).toContain(lines.join('\n'))
})
