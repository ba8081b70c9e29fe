import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtSizeProblems, installConsumer, smokeProblems, typeProblems } from './consumer.ts'
import { publicPackages, root } from './repo.ts'
import { run } from './run.ts'
import { buildProblem, pack, type Tarball, tarballProblems } from './tarball.ts'

// Packs every public package and looks at the tarballs as a registry, a bundler, a compiler and a user would.
// Run "pnpm build" first.

const packages = publicPackages()
const folder = mkdtempSync(join(tmpdir(), 'fetchstack-packages-'))
let failed = false

async function step(title: string, check: () => Promise<readonly string[]>): Promise<void> {
  const start = performance.now()
  const problems = await check()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)`)
  for (const problem of problems) console.error(problem.replace(/^/gm, '       '))
  failed ||= problems.length > 0
}

/** Runs a linter on each tarball; all its output is a problem when it fails. */
async function lint(tarballs: readonly Tarball[], tool: string, args: (file: string) => string[]): Promise<string[]> {
  const outcomes = await Promise.all(
    tarballs.map(async ({ name, file }) => ({
      name,
      ...(await run(join(root, 'node_modules/.bin', tool), args(file), folder)),
    })),
  )
  return outcomes.filter(({ ok }) => !ok).map(({ name, output }) => `${name}:\n${output}`)
}

try {
  const unbuilt = packages.map((one) => [one.name, buildProblem(one)]).filter(([, problem]) => problem !== undefined)
  if (unbuilt.length > 0) throw new Error(unbuilt.map((one) => one.join(' ')).join('\n'))

  const tarballs = await pack(packages, folder)
  await step(`contents of ${tarballs.length} tarballs`, async () => {
    const found = await Promise.all(
      tarballs.map(async (one) => ({ name: one.name, problems: await tarballProblems(one) })),
    )
    return found.flatMap(({ name, problems }) => problems.map((problem) => `${name} ${problem}`))
  })
  await step('publint --strict', () => lint(tarballs, 'publint', (file) => ['run', file, '--strict']))
  await step('are the types wrong, esm-only', () =>
    lint(tarballs, 'attw', (file) => [
      file,
      '--profile',
      'esm-only',
      '--no-definitely-typed',
      '--format',
      'ascii',
      '--no-emoji',
    ]),
  )
  const consumer = await installConsumer(tarballs, folder)
  await step('installed into an empty project: the smoke program runs', () => smokeProblems(consumer, packages))
  await step('installed: types under nodenext and bundler', () => typeProblems(consumer, packages))
  await step('installed: as small as the sources', () => builtSizeProblems(consumer, packages))
} catch (error) {
  failed = true
  console.error(error instanceof Error ? error.message : error)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
