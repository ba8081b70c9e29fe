import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const text = read('docs/threat-model.md')
const named = [...text.matchAll(/^- `(packages\/[^`]+)`: `([^`]+)`$/gm)].map(
  ([, file, title]) => [file!, title!] as const,
)

it.each(named)('%s has "%s", as the threat model says', (file, title) => {
  expect(existsSync(new URL(file, root))).toBe(true)
  expect(read(file)).toContain(title)
})

it('every rule of the threat model names a test', () => {
  const rules = text.split('\n### ').slice(1)
  expect(rules.length).toBeGreaterThanOrEqual(20)
  expect(rules.filter((rule) => !/^- `packages\//m.test(rule)).map((rule) => rule.split('\n')[0])).toEqual([])
  expect(rules.filter((rule) => !rule.includes('**Reason.**')).map((rule) => rule.split('\n')[0])).toEqual([])
})

it('no line of a list of tests is in another form', () => {
  expect(text.match(/^- /gm)).toHaveLength(named.length)
})
