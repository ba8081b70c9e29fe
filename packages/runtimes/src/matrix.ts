import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Arguments, isWanted } from './arguments.ts'
import { type Bundles, bundleSuite, type Program } from './bundle/bundle.ts'
import type { CaseResult, RuntimeName, SuiteCheck } from './contract.ts'
import type { Host } from './hosts/host.ts'
import { setUp } from './install/install.ts'
import { type Control, startControl } from './server/control.ts'
import { openStalledPort } from './server/stalled-port.ts'
import { createTrust, type Trust } from './server/trust.ts'
import type { SuiteEntry } from './suites.ts'
import type { Column } from './table.ts'
import { temporaryFolder } from './temporary.ts'
import { judge, type Verdict } from './verdicts.ts'

/** A runtime that did not run, and why. */
export interface Skipped {
  readonly runtime: RuntimeName
  readonly reason: string
}

/** A verdict, and how long the case took. */
export interface TimedVerdict extends Verdict {
  readonly milliseconds: number
}

/** What came of a run. */
export interface Report {
  readonly columns: readonly Column[]
  readonly verdicts: readonly TimedVerdict[]
  readonly skipped: readonly Skipped[]
  /** What is wrong beyond single cases. */
  readonly problems: readonly string[]
  /** What `--record` did. */
  readonly recorded: readonly string[]
}

/** What a run needs from outside. */
export interface MatrixOptions {
  readonly suites: readonly SuiteEntry[]
  /** A folder with the tarballs installed; `undefined`: the sources. */
  readonly consumer: string | undefined
  readonly log: (line: string) => void
  /** Milliseconds for a case without a limit of its own. Default 15,000. */
  readonly timeLimit?: number
  /** Milliseconds over that until a runtime that does not answer is ended. Default 5,000. */
  readonly grace?: number
  /** Default: {@link setUp}. */
  readonly setUp?: (runtime: RuntimeName, trust: Trust) => Promise<Host>
}

interface LoadedSuite {
  readonly entry: SuiteEntry
  readonly check: SuiteCheck
  readonly bundles: Bundles
  readonly program: Program
  readonly ids: readonly string[]
  readonly results: Map<RuntimeName, CaseResult[]>
  /** Milliseconds by runtime and case. */
  readonly times: Map<string, number>
}

interface Surroundings {
  readonly control: Control
  readonly stalledUrl: string | undefined
  readonly log: (line: string) => void
  readonly timeLimit: number
  readonly grace: number
}

/** Runs the suites that were asked for on the runtimes that were asked for. */
export async function runMatrix(args: Arguments, options: MatrixOptions): Promise<Report> {
  const { log, timeLimit = 15_000, grace = 5_000 } = options
  const skipped: Skipped[] = []
  const columns = new Map<RuntimeName, Column>()
  const problems: string[] = []
  const temporary = temporaryFolder('matrix')
  const folder = temporary.path
  const trust = createTrust(join(folder, 'trusted.pem'))
  const [control, stalled] = await Promise.all([startControl(trust), openStalledPort()])
  const surroundings = { control, stalledUrl: stalled?.url, log, timeLimit, grace }
  try {
    const wanted = options.suites.filter(({ name }) => args.suites.includes(name))
    const suites = await Promise.all(wanted.map((entry) => loadSuite(entry, options.consumer, folder, args.cases)))
    if (suites.every(({ ids }) => ids.length === 0)) problems.push(`No case fits ${args.cases.join(', ')}.`)

    const runOn = async (runtime: RuntimeName): Promise<void> => {
      let host: Host
      try {
        host = await (options.setUp ?? setUp)(runtime, trust)
      } catch (error) {
        const reason = (error as Error).message
        columns.set(runtime, { runtime, note: 'skipped' })
        if (args.strict) problems.push(`${runtime} could not be set up: ${reason}`)
        else skipped.push({ runtime, reason })
        return
      }
      columns.set(runtime, { runtime, note: host.version })
      try {
        for (const suite of suites) await runSuite(suite, host, surroundings)
      } finally {
        await host.close()
      }
    }
    await inLanes(slowestFirst(args.runtimes), args.jobs, runOn)

    const complete = args.cases.length === 0
    const verdicts = suites.flatMap(({ entry, check, program, results, times }) => {
      const groups = new Map(program.suite.cases.map(({ id, group }) => [id, group]))
      if (complete && !args.record) problems.push(...(check.checkAll?.(results) ?? []))
      const rule = args.record && check.record !== undefined ? undefined : check.check
      return judge(entry.name, groups, inOrder(results, args.runtimes), rule).map((verdict) => ({
        ...verdict,
        milliseconds: times.get(timeKey(verdict.runtime, verdict.id)) ?? 0,
      }))
    })
    const recorded: string[] = []
    const versions = new Map([...columns].map(([runtime, { note }]) => [runtime, note]))
    for (const { check, results } of args.record ? suites : []) {
      recorded.push(...((await check.record?.(inOrder(results, args.runtimes), versions)) ?? []))
    }
    return { columns: args.runtimes.map((runtime) => columns.get(runtime)!), verdicts, skipped, problems, recorded }
  } finally {
    stalled?.close()
    await control.close()
    temporary.remove()
  }
}

async function loadSuite(
  entry: SuiteEntry,
  consumer: string | undefined,
  folder: string,
  cases: readonly string[],
): Promise<LoadedSuite> {
  const [bundles, { check }] = await Promise.all([
    bundleSuite(entry.entry, consumer),
    import(new URL(entry.check, import.meta.url).href) as Promise<{ readonly check: SuiteCheck }>,
  ])
  const file = join(folder, `${entry.name}.mjs`)
  writeFileSync(file, bundles.server)
  const program = (await import(pathToFileURL(file).href)) as Program
  const all = program.suite.cases.map(({ id }) => id)
  const twice = all.filter((id, index) => all.indexOf(id) !== index)
  if (twice.length > 0) throw new Error(`The suite "${entry.name}" has these cases twice: ${twice.join(', ')}.`)
  return {
    entry,
    check,
    bundles,
    program,
    ids: all.filter((id) => isWanted(id, cases)),
    results: new Map(),
    times: new Map(),
  }
}

async function runSuite(suite: LoadedSuite, host: Host, { log, ...surroundings }: Surroundings): Promise<void> {
  const { bundles, program, ids, entry } = suite
  if (ids.length === 0) return
  const results: CaseResult[] = []
  suite.results.set(host.runtime, results)
  let slowest = { id: '', milliseconds: 0 }
  const start = performance.now()
  const report = (result: CaseResult, milliseconds: number) => {
    results.push(result)
    if (milliseconds > slowest.milliseconds) slowest = { id: result.id, milliseconds }
    suite.times.set(timeKey(host.runtime, result.id), milliseconds)
  }
  try {
    await host.run({ bundles, program, ids, report, ...surroundings })
  } catch (error) {
    for (const id of ids.filter((one) => !results.some((result) => result.id === one))) {
      report({ id, failure: `${host.runtime} could not run it: ${(error as Error).message}` }, 0)
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  log(
    `${host.runtime} ${host.version}: ${entry.name}, ${results.length} cases in ${seconds} s; the longest: ${slowest.id}, ${slowest.milliseconds} ms`,
  )
}

const timeKey = (runtime: RuntimeName, id: string): string => `${runtime} ${id}`

/** So that tables and records do not depend on which runtime was quicker. */
function inOrder<V>(map: ReadonlyMap<RuntimeName, V>, order: readonly RuntimeName[]): Map<RuntimeName, V> {
  return new Map(order.flatMap((name) => (map.has(name) ? [[name, map.get(name)!]] : [])))
}

/** A browser needs as long as three of the others: started last, it would run alone. */
function slowestFirst(runtimes: readonly RuntimeName[]): RuntimeName[] {
  return runtimes.toSorted((a, b) => Number(b === 'chromium') - Number(a === 'chromium'))
}

async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
