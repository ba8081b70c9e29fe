import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArguments, UsageError, usage } from './arguments.ts'
import { clients } from './clients/index.ts'
import { renderDocument } from './document.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { renderDetails, renderTable } from './table.ts'

const DOCUMENT = 'docs/clients.md'
const file = join(import.meta.dirname, '../../..', DOCUMENT)

async function main(): Promise<number> {
  const args = readArguments(
    process.argv.slice(2),
    clients.map(({ name }) => name),
  )
  if (args.help) {
    console.log(usage)
    return 0
  }
  const entries = clients.filter(({ name }) => args.clients.includes(name))
  const problems: string[] = []
  // A client that lets go of a promise would end the run.
  process.on('unhandledRejection', (error) => problems.push(`A rejection that nobody handled: ${text(error)}`))
  const cells = await run(entries)

  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) console.log(`\n${title}\n\n${lines.join('\n')}`)
  }
  console.log(renderTable(cells))
  section('Cannot:', renderDetails(cells, 'cannot'))
  section('FAILED:', renderDetails(cells, 'failed'))
  const broken = cells.some(({ status }) => status === 'failed')
  if (entries.length === clients.length && !broken) {
    const now = renderDocument(entries, cells)
    const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
    if (args.check && before !== now) problems.push(`${DOCUMENT} is out of date: run "npx -y pnpm@12 test:clients".`)
    if (!args.check && before !== now) writeFileSync(file, now)
  }
  section('Problems:', problems)
  const counts = report(cells, problems)
  if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(counts, null, 2)}\n`)
  const cannot = cells.filter(({ status }) => status === 'cannot').length
  console.log(`\n${cannot} of them show that a client can't do something, for the reason that is given.`)
  console.log(`${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${counts.numPendingTests} skipped`)
  return counts.success ? 0 : 1
}

const text = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

try {
  const code = await main()
  // A call that can't be aborted may still be waiting.
  process.exit(code)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n\n${usage}`)
  process.exitCode = 2
}
