import { parseArgs } from 'node:util'
import { suggest } from '@fetchstack/options'
import type { RuntimeName } from './contract.ts'

/** What the command line asks for. */
export interface Arguments {
  readonly help: boolean
  readonly runtimes: readonly RuntimeName[]
  readonly suites: readonly string[]
  /** Cases whose id has one of these in it; `*` stands for anything. Empty: all. */
  readonly cases: readonly string[]
  /** Where the results go, as JSON. */
  readonly json: string | undefined
  /** A runtime that can't be set up is a failure. */
  readonly strict: boolean
  readonly record: boolean
  /** Bundles the sources of the workspace, and not the packed tarballs. */
  readonly source: boolean
  /** How many runtimes run at a time. */
  readonly jobs: number
}

/** What there is to choose from. */
export interface Choices {
  readonly runtimes: readonly RuntimeName[]
  readonly suites: readonly string[]
}

/** A command line that can't be used; the text says why and what can be. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const
}

/** Reads the command line. @throws {UsageError} */
export function readArguments(args: readonly string[], choices: Choices, env: NodeJS.ProcessEnv): Arguments {
  const { values } = parse(args)
  const jobs = Number(values.jobs ?? 2)
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new UsageError(`--jobs must be a whole number from 1 on, got "${values.jobs}".`)
  return {
    help: values.help ?? false,
    runtimes: choose('runtime', values.runtime, choices.runtimes),
    suites: choose('suite', values.suite, choices.suites),
    cases: values.case ?? [],
    json: values.json,
    strict: (values.strict ?? false) || /^(1|true)$/i.test(env['CI'] ?? ''),
    record: values.record ?? false,
    source: values.source ?? false,
    jobs,
  }
}

const OPTIONS = {
  runtime: { type: 'string', multiple: true },
  suite: { type: 'string', multiple: true },
  case: { type: 'string', multiple: true },
  json: { type: 'string' },
  jobs: { type: 'string' },
  strict: { type: 'boolean' },
  record: { type: 'boolean' },
  source: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

function parse(args: readonly string[]) {
  // pnpm hands on the `--` that separates its own options.
  const own = args[0] === '--' ? args.slice(1) : [...args]
  try {
    return parseArgs({ args: own, options: OPTIONS })
  } catch (error) {
    const unknown = own
      .map((arg) => /^--([\w-]+)/.exec(arg)?.[1])
      .find((name) => name !== undefined && !(name in OPTIONS))
    const known = Object.keys(OPTIONS)
    if (unknown === undefined) throw new UsageError((error as Error).message)
    throw new UsageError(
      `There is no option --${unknown}.${hint(unknown, known, '--')} There are: --${known.join(', --')}.`,
    )
  }
}

function choose<Name extends string>(
  what: string,
  asked: readonly string[] | undefined,
  known: readonly Name[],
): Name[] {
  const names = asked?.flatMap((text) => text.split(',')) ?? known
  for (const name of names) {
    if ((known as readonly string[]).includes(name)) continue
    throw new UsageError(`There is no ${what} "${name}".${hint(name, known)} There are: ${known.join(', ')}.`)
  }
  return known.filter((name) => names.includes(name))
}

function hint(name: string, known: readonly string[], prefix = ''): string {
  const close = suggest(name, known)
  return close === undefined ? '' : ` Did you mean "${prefix}${close}"?`
}

/** Whether a case was asked for. */
export function isWanted(id: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => toExpression(pattern).test(id))
}

function toExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  const source = parts.join('.*')
  return new RegExp(parts.length === 1 ? source : `^${source}$`)
}

/** What `--help` prints. */
export function usage({ runtimes, suites }: Choices): string {
  return `Runs the same cases on every runtime, from the packed tarballs, and prints one table.

  pnpm test:runtimes [options]

  --runtime <name>  only this one; repeatable: ${runtimes.join(', ')}
  --suite <name>    only this one; repeatable: ${suites.join(', ')}
  --case <text>     only cases with this in their id; with * in it, a pattern for the whole id; repeatable
  --json <file>     writes all results
  --strict          a runtime that can't be set up is a failure (default with CI=true), not a skip
  --record          writes down what was observed instead of comparing it
  --source          bundles the sources of the workspace instead of the tarballs: quicker, for development
  --jobs <n>        runtimes at a time, default 2
  --help            this text

CHROMIUM_PATH names a Chromium to use; default /usr/bin/chromium, which is installed with apt-get when that is possible.
`
}
