import { writeFileSync } from 'node:fs'
import { type Choices, readArguments, UsageError, usage } from './arguments.ts'
import { installTarballs } from './bundle/tarballs.ts'
import { type Report, runMatrix } from './matrix.ts'
import { RUNTIMES } from './runtimes.ts'
import { SUITES } from './suites.ts'
import { renderDetails, renderInapplicable, renderTable } from './table.ts'
import { temporaryFolder } from './temporary.ts'

const choices: Choices = { runtimes: RUNTIMES, suites: SUITES.map(({ name }) => name) }

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2), choices, process.env)
  if (args.help) {
    console.log(usage(choices))
    return 0
  }
  const log = (line: string) => console.error(line)
  const folder = temporaryFolder('runtimes')
  let report: Report
  try {
    const wanted = SUITES.filter(({ name }) => args.suites.includes(name))
    const consumer = args.source ? undefined : await installTarballs(wanted, folder.path, log)
    report = await runMatrix(args, { suites: SUITES, consumer, log })
  } finally {
    folder.remove()
  }
  const { columns, verdicts, skipped, problems, recorded } = report
  const failed = verdicts.filter(({ status }) => status === 'differs' || status === 'failed').length + problems.length
  const passed = verdicts.filter(({ status }) => status === 'ok').length
  if (args.json !== undefined) {
    // The counts go by the names that vitest's reporter has for them.
    const counts = {
      success: failed === 0,
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped.length,
    }
    writeFileSync(args.json, `${JSON.stringify({ ...counts, columns, verdicts, skipped, problems }, null, 2)}\n`)
  }

  const section = (title: string, text: string) => {
    if (text !== '') console.log(`${title}\n\n${text}\n`)
  }
  console.log(`\n${renderTable(verdicts, columns)}\n`)
  section('Not as expected:', renderDetails(verdicts))
  section('Not applicable:', renderInapplicable(verdicts))
  section('Problems:', problems.map((text) => `  ${text}`).join('\n'))
  section('Skipped:', skipped.map(({ runtime, reason }) => `  ${runtime}: ${reason}`).join('\n'))
  section('Recorded:', recorded.map((text) => `  ${text}`).join('\n'))

  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  return failed === 0 ? 0 : 1
}

// With an exit, unlike with the signal itself, what was started is ended.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const) {
  process.once(signal, () => process.exit(128 + number))
}

try {
  process.exitCode = await main()
} catch (error) {
  const usage = error instanceof UsageError
  console.error(usage ? `${error.message}\n"pnpm test:runtimes --help" tells more.` : error)
  process.exitCode = usage ? 2 : 1
}
