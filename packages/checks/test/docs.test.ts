import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { filesBelow, publicPackages, root, workspacePackages } from '../src/repo.ts'
import { exampleSnippets, markdownSnippets, type Snippet } from '../src/snippets.ts'
import { describeProblems, type Problem, typeCheck } from '../src/type-check.ts'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const fixtures = 'packages/checks/test/fixtures'

const documents = [
  ...filesBelow('.', (file) => file === 'README.md'),
  ...workspacePackages().flatMap(({ folder }) => filesBelow(folder, (file) => file === `${folder}/README.md`)),
  ...filesBelow('docs', (file) => file.endsWith('.md')),
]
const sources = publicPackages().flatMap(({ folder }) => filesBelow(`${folder}/src`, (file) => file.endsWith('.ts')))

const snippets: Snippet[] = [
  ...documents.flatMap((file) => markdownSnippets(file, read(file))),
  ...sources.flatMap((file) => exampleSnippets(file, read(file))),
  ...markdownSnippets(`${fixtures}/blocks.md`, read(`${fixtures}/blocks.md`)),
  ...exampleSnippets(`${fixtures}/examples.txt`, read(`${fixtures}/examples.txt`)),
]
const withCode = [...new Set(snippets.map(({ file }) => file))].filter((file) => !file.startsWith(fixtures))

let problems: Problem[]
beforeAll(async () => {
  problems = await typeCheck(snippets)
}, 120_000)

const problemsIn = (file: string): string[] => describeProblems(problems.filter((problem) => problem.file === file))

describe('documents and doc comments', () => {
  it.each(withCode)('every TypeScript block of %s compiles by itself', (file) => {
    expect(problemsIn(file)).toEqual([])
  })
})

describe('the check itself', () => {
  it('reports an error at its line of the markdown, and a block marked "fails" that compiles', () => {
    expect(problemsIn(`${fixtures}/blocks.md`)).toEqual([
      expect.stringMatching(/blocks\.md:13 TS2322: .*'string'.*'number'/),
      expect.stringMatching(/blocks\.md:25 is marked "fails" but compiles/),
    ])
  })

  it('reports an error in an @example, fenced or bare, at its line of the source', () => {
    expect(problemsIn(`${fixtures}/examples.txt`)).toEqual([
      expect.stringMatching(/examples\.txt:12 TS2322/),
      expect.stringMatching(/examples\.txt:22 TS2322/),
    ])
  })

  it('refuses a mark that it does not know', () => {
    expect(() => markdownSnippets('a.md', '```ts ignore\n```')).toThrow('a.md:1 a ts block can be marked "fails"')
  })
})
