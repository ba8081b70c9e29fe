import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checksFolder, root } from './repo.ts'
import type { Snippet } from './snippets.ts'

/** What is wrong with a snippet, in terms of the document that it came from. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly message: string
}

/**
 * Type-checks every snippet as a module of its own, in one run of the compiler. They see what this package depends on.
 * Errors in the sources of the packages are not reported: the type check of the workspace does that.
 */
export async function typeCheck(snippets: readonly Snippet[]): Promise<Problem[]> {
  if (snippets.length === 0) return []
  // Inside node_modules: no other tool looks there. A folder per run: two runs don't disturb each other.
  const cache = join(checksFolder, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'snippets-'))
  try {
    for (const [index, snippet] of snippets.entries()) writeFileSync(join(folder, `${index}.ts`), snippet.code)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.base.json'),
        compilerOptions: { noEmit: true, moduleDetection: 'force', types: ['node'] },
        files: snippets.map((_, index) => `${index}.ts`),
      }),
    )
    return problemsOf(snippets, await runCompiler(folder), basename(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runCompiler(folder: string): Promise<string> {
  const compiler = join(root, 'node_modules/.bin/tsc')
  return new Promise((resolve, reject) => {
    execFile(
      compiler,
      ['-p', folder, '--pretty', 'false'],
      { cwd: root, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (error === null || / error TS\d+/.test(stdout)) resolve(stdout)
        else reject(new Error(`The compiler did not run: ${error.message}\n${stdout}${stderr}`))
      },
    )
  })
}

function problemsOf(snippets: readonly Snippet[], output: string, folder: string): Problem[] {
  const problems: Problem[] = []
  const failed = new Set<number>()
  // Continuation lines of one error are indented.
  for (const [entry] of output.matchAll(/^\S.* error TS\d+.*(?:\n[ \t].*)*|^error TS\d+.*/gm)) {
    const place = /^(\S.*?)\((\d+),\d+\): error ([\s\S]*)$/.exec(entry)
    if (place === null) throw new Error(`The compiler refused its settings: ${entry}`)
    const [, path = '', line = '', message = ''] = place
    const index = path.includes(`${folder}/`) ? Number(basename(path, '.ts')) : Number.NaN
    const snippet = snippets[index]
    if (snippet === undefined) continue
    failed.add(index)
    if (!snippet.fails) problems.push({ file: snippet.file, line: snippet.line + Number(line) - 1, message })
  }
  for (const [index, { fails, file, line }] of snippets.entries()) {
    if (fails && !failed.has(index)) problems.push({ file, line, message: 'is marked "fails" but compiles' })
  }
  return problems
}

/** `README.md:12 TS2322: …`, one line per problem. */
export function describeProblems(problems: readonly Problem[]): string[] {
  return problems.map(({ file, line, message }) => `${file}:${line} ${message}`)
}
