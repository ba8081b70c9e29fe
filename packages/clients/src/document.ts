import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS, type CheckName, type ClientEntry } from './contract.ts'
import type { Cell } from './run.ts'

const folder = join(import.meta.dirname, '..')

const MEANING: Readonly<Record<CheckName, string>> = {
  get: 'a GET meets 503, then 429 with `Retry-After: 0`, then a reset connection, and still succeeds',
  post: 'a POST with an Idempotency-Key meets 503 and arrives again, whole: 64 KiB, byte for byte what the client sends without a stack',
  unsafe: 'a POST without a key is not resent after 503, but is after a refused connection',
  'status-error': "a give-up after 503s is the client's own error, and `explain(error)` gives the trail",
  'network-error': 'the same, when the connection was reset each time',
  abort: 'an abort during the wait between two attempts settles at once',
  stall: 'a body that stops is ended by the timeout of the stack, and the error says so',
  stream: 'a streamed response arrives piece by piece',
  'own-retry':
    "the client's own retry is out of the way, so that attempts don't multiply (`told`: left on, `detectClientRetries` warns of it)",
  credential: "a credential that the client sets stays, and goes only with `existing: 'replace'`",
  'per-call': "options for one call reach the stack: through the client's own call (`call`), or by `withOptions`",
}

const INTRODUCTION = `# Clients

<!-- Written by \`npx -y pnpm@12 test:clients\`. Edit packages/clients instead. -->

Every client below was run, at the version named, on one and the same stack against a real server with faults. The table says what came of it, and the code under it is the very code that
ran. \`fetch\` there is \`stack.toFetch()\`:

\`\`\`ts
import { bearer } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { retry } from '@fetchstack/retry'
import { timeout } from '@fetchstack/timeout'

const stack = HandlerStack.create()
  .push(timeout(30_000), 'total-timeout')
  .push(retry())
  .push(timeout(10_000), 'attempt-timeout')
  .push(bearer('my-token', { origins: 'https://api.example.com' }))

export const fetch = stack.toFetch()
\`\`\`

The stack retries and times out, so the client should not: switch its own off as shown. A client that sets a credential itself keeps it; to have the stack's sent, give the client a dummy and
the stack's auth \`existing: 'replace'\`.
`

/** The text of docs/clients.md. The same for the same cells and versions. */
export function renderDocument(entries: readonly ClientEntry[], cells: readonly Cell[]): string {
  const header = ['client', 'version', ...CHECKS]
  const rows = entries.map((entry) => [
    `[${entry.name}](#${anchor(entry)})`,
    versionOf(entry),
    ...CHECKS.map((check) => mark(cells.find((cell) => cell.client === entry.name && cell.check === check)!)),
  ])
  return [
    INTRODUCTION,
    '## The table\n',
    markdownTable([header, ...rows]),
    '',
    ...CHECKS.map((check) => `- **${check}**: ${MEANING[check]}`),
    '',
    'Where a client cannot do one of these, the reason stands under its name. Such a check ran as well, and failed.',
    '',
    ...entries.map((entry) => renderClient(entry)),
  ].join('\n')
}

function renderClient(entry: ClientEntry): string {
  const { name, how, ownRetry, errors, cannot = {} } = entry
  const { status, network } = errors
  const gaveUp =
    status.name === network.name
      ? `\`${status.name}\``
      : `\`${status.name}\` after a status, \`${network.name}\` without a response`
  const trails = new Set([status.trail?.how, network.trail?.how].filter((text) => text !== undefined))
  const trail = trails.size > 0 ? ` Its trail: ${[...trails].join(', ')}.` : ''
  return [
    `## ${name}\n`,
    `${how} Own retry: ${ownRetry.off}. A give-up is ${gaveUp}.${trail}\n`,
    ...Object.entries(cannot).map(([check, reason]) => `- **${check}**: ${reason}`),
    ...(Object.keys(cannot).length > 0 ? [''] : []),
    // Not `ts`: the check of the documents has none of these clients installed; these are compiled with this package.
    `\`\`\`mts\n${readFileSync(join(folder, `src/snippets/${name}.ts`), 'utf8')}\`\`\`\n`,
  ].join('\n')
}

function mark({ status, text }: Cell): string {
  return status === 'ok' ? text || 'ok' : status
}

const anchor = ({ name }: ClientEntry): string => name.toLowerCase().replaceAll(/[^\w-]/g, '')

function versionOf({ package: name }: ClientEntry): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, index) => text.padEnd(widths[index]!)).join(' | ')} |`
  return [line(rows[0]!), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join('\n')
}
