import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { install, missing } from './programs.ts'

// Runs the tests against real peers: `pnpm test:peers`, with the options of vitest. Programs that are missing are installed where
// that needs no question; otherwise their tests are skipped by name. With CI=true nothing may be skipped.

const lacking = missing()
const problem = lacking.length === 0 ? undefined : install(lacking)
if (problem !== undefined) {
  console.error(`Not there: ${lacking.map(({ name }) => name).join(', ')} (${problem}). Their tests are skipped.`)
  if (process.env['CI'] === 'true') process.exit(1)
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [
    fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url)),
    'run',
    '--config',
    'packages/peers/src/vitest.config.ts',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = status ?? 1
