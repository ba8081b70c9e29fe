import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ErrorShape, Recorded, RecordedErrors, RuntimeName } from '@fetchstack/corpus'
import { runCommand } from '../command.ts'
import type { CaseResult, SuiteResults } from '../contract.ts'
import { difference } from '../difference.ts'
import { deviations } from '../expected/deviations.ts'
import { corpus, corpusFile } from '../expected/model.ts'
import { RUNTIMES } from '../runtimes.ts'
import { fileOf, recordedOf, shapeOf, VARYING } from './recorded.ts'

const UNREACHED: Readonly<Record<string, string>> = {
  'agent-closed': 'The runtime comes with no pool that could be closed.',
  'body-chunk-truncated': 'The server of the matrix has no such fault.',
  'body-timeout': 'The limit of the runtime is minutes away, if it has one.',
  'dns-try-again': "A resolver that fails for a while can't be arranged here.",
  'headers-timeout': 'The limit of the runtime is minutes away, if it has one.',
  'relative-url': 'The stack refuses it before fetch does.',
  'stream-without-duplex': 'The stack says duplex itself.',
  'tls-expired': 'The matrix has no certificate that is trusted and expired.',
  'tls-wrong-host': 'The matrix has no certificate that is trusted and for another host.',
  unreachable: 'Which address has no route is up to the machine.',
}

/**
 * Writes what each runtime threw into the corpus, sorted by situation, so that a new version of a runtime is a readable diff.
 * Runtimes and situations that were not run stay as they are. Returns what was done, a line for each file.
 */
export async function recordErrors(
  results: SuiteResults,
  versions: ReadonlyMap<RuntimeName, string>,
): Promise<readonly string[]> {
  const written: string[] = []
  const lines: string[] = []
  const recorded = new Map(RUNTIMES.map((runtime) => [runtime, recordedOf(runtime)]))
  for (const [runtime, cases] of results) {
    const before = recordedOf(runtime)
    const found = fromCases(runtime, cases, before)
    const situations = { ...before?.situations, ...found }
    const names = Object.keys(situations).toSorted()
    const after: RecordedErrors = {
      $schema: '../schema/recorded.schema.json',
      runtime,
      version: versions.get(runtime) ?? before?.version ?? 'unknown',
      situations: Object.fromEntries(names.map((name) => [name, situations[name]!])),
    }
    const changed = names.filter((name) => difference(before?.situations[name], situations[name]) !== undefined)
    recorded.set(runtime, after)
    written.push(write(fileOf(runtime), after))
    const news = changed.length === 0 ? 'nothing new' : changed.join(', ')
    const failed = cases.filter(({ failure }) => failure !== undefined).length
    lines.push(
      `${runtime} ${after.version}: ${news}${failed === 0 ? '' : `; ${failed} cases failed and keep what was recorded`}`,
    )
  }
  written.push(write(corpusFile, withDeviations(recorded)))
  await runTool('../../../../node_modules/.bin/biome', ['format', '--write', ...written])
  await runTool(process.execPath, [
    fileURLToPath(new URL('../../../corpus/test/support/write-corpus.ts', import.meta.url)),
  ])
  return lines
}

/** What the cases of a runtime threw, by situation. What was not run, or not to its end, is left out. */
export function fromCases(
  runtime: RuntimeName,
  cases: readonly CaseResult[],
  before: RecordedErrors | undefined,
): Record<string, Recorded> {
  const byId = new Map(cases.map((result) => [result.id, result]))
  const found: Record<string, Recorded> = {}
  for (const name of Object.keys(corpus.situations)) {
    const kept = before?.situations[name]
    const results = ['get', 'post-string', 'post-request', 'post-stream'].map((form) => byId.get(`${name}/${form}`))
    const [get, ...posts] = results.map((one) => one?.observation && shapeOf(name, one.observation))
    const post = posts.find((shape) => shape !== undefined)
    const wasRun = results.some((one) => one !== undefined)
    const isUntold = results.some(
      (one) => one?.failure !== undefined || one?.observation?.['unavailable'] !== undefined,
    )
    const deviation = whyOf(runtime, name)
    const isOwn = deviation?.outcome !== undefined && !(deviation.outcome in corpus.outcomes)
    if (name in UNREACHED) found[name] = kept ?? { absent: UNREACHED[name]! }
    // A case that failed, or that this machine can't arrange, says nothing of what the runtime throws.
    else if (isUntold) continue
    else if (isOwn && wasRun) found[name] = { absent: whyAbsent(runtime, name, results) }
    else if (!wasRun || (VARYING.includes(name) && kept && 'error' in kept)) continue
    else if (get ?? post) found[name] = toRecorded(get, post)
    else found[name] = { absent: whyAbsent(runtime, name, results) }
  }
  return found
}

function toRecorded(get: ErrorShape | undefined, post: ErrorShape | undefined): Recorded {
  const differs = get && post && difference(get, post) !== undefined
  return { error: (get ?? post)!, ...(differs && { post }) }
}

function whyAbsent(runtime: RuntimeName, name: string, results: readonly (CaseResult | undefined)[]): string {
  const why = results.find((one) => one?.inapplicable !== undefined)?.inapplicable ?? whyOf(runtime, name)?.why
  return why === undefined
    ? 'The runtime throws nothing here.'
    : `${why[0]!.toUpperCase()}${why.slice(1).replace(/\.$/, '')}.`
}

const whyOf = (runtime: RuntimeName, name: string) =>
  deviations.find(({ of, on }) => on.includes(runtime) && of.includes(name))

/** What a runtime does not tell is expected of the classifier in the same way: one table for both. */
function withDeviations(recorded: ReadonlyMap<string, RecordedErrors | undefined>): unknown {
  const situations = Object.entries(corpus.situations).map(([name, situation]): [string, unknown] => {
    const { runtimes, reference, ...rest } = situation as typeof situation & { runtimes?: object; reference: unknown }
    const found = deviations
      .filter(({ of, outcome }) => of.includes(name) && outcome !== undefined && outcome in corpus.outcomes)
      .flatMap(({ on, outcome, why }) => on.map((runtime) => [runtime, { outcome, why }] as const))
    const all = Object.entries({ ...runtimes, ...Object.fromEntries(found) }).filter(
      ([runtime]) => !('absent' in (recorded.get(runtime)?.situations[name] ?? {})),
    )
    return [name, { ...rest, ...(all.length > 0 && { runtimes: Object.fromEntries(all) }), reference }]
  })
  return { ...corpus, situations: Object.fromEntries(situations) }
}

function write(file: URL, content: unknown): string {
  // Lists of words on one line, as people write them.
  const text = JSON.stringify(content, null, 2).replaceAll(
    /\[\n\s+("[^"\n]*"(?:,\n\s+"[^"\n]*")*)\n\s+\]/g,
    (_, list: string) => {
      return `[${list.replaceAll(/\n\s+/g, ' ')}]`
    },
  )
  writeFileSync(file, `${text}\n`)
  return fileURLToPath(file)
}

async function runTool(program: string, args: readonly string[]): Promise<void> {
  const path = program.startsWith('.') ? fileURLToPath(new URL(program, import.meta.url)) : program
  const { ok, output } = await runCommand(path, args, { cwd: fileURLToPath(new URL('../../../..', import.meta.url)) })
  if (!ok) throw new Error(`${program} failed: ${output}`)
}
