import { reasons } from './mutation-reasons.ts'

/** The part of Stryker's JSON report that is read here. */
export interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

interface Mutant {
  readonly mutatorName: string
  readonly replacement?: string
  readonly status: string
  readonly location: { readonly start: Position; readonly end: Position }
}

interface Position {
  readonly line: number
  readonly column: number
}

/** The lowest score that a package may have, in percent. */
export const LOWEST_SCORE = 90

export interface PackageScore {
  readonly name: string
  readonly killed: number
  readonly survived: number
  /** Mutants that broke the file itself, such as a factory that throws while the tests load. They don't count. */
  readonly broken: number
  /** In percent. */
  readonly score: number
}

interface Survivor {
  readonly where: string
  readonly change: string
  readonly why: string | undefined
}

/** How many mutants the tests of each package kill. One that never ends is killed: its test run was. */
export function scoresOf(report: StrykerReport): PackageScore[] {
  const statuses = new Map<string, string[]>()
  for (const [file, { mutants }] of Object.entries(report.files)) {
    const name = file.split('/')[1] ?? file
    statuses.set(name, [...(statuses.get(name) ?? []), ...mutants.map(({ status }) => status)])
  }
  return [...statuses].map(([name, all]) => {
    const count = (...which: string[]): number => all.filter((status) => which.includes(status)).length
    const killed = count('Killed', 'Timeout')
    const survived = count('Survived', 'NoCoverage')
    return {
      name,
      killed,
      survived,
      broken: count('RuntimeError', 'CompileError'),
      score: (100 * killed) / (killed + survived),
    }
  })
}

export function survivorsOf(report: StrykerReport): Survivor[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ location, mutatorName, replacement = mutatorName }) => {
        const code = cut(source, location.start, location.end)
        const why = reasons.find(
          (reason) =>
            reason.file === file &&
            code.startsWith(reason.code ?? '') &&
            (reason.becomes === undefined || reason.becomes === replacement),
        )?.why
        return { where: `${file}:${location.start.line}`, change: `${shown(code)} → ${shown(replacement)}`, why }
      }),
  )
}

/** The page for the documents. It has no times in it, so that it changes only when the result does. */
export function mutationPage(report: StrykerReport): string {
  const scores = scoresOf(report)
  const rows = scores.map(
    ({ name, killed, survived, broken, score }) =>
      `| \`${name}\` | ${killed + survived} | ${killed} | ${survived} | ${broken} | ${score.toFixed(1)} % |`,
  )
  const survivors = survivorsOf(report)
  const sections = scores.map(({ name }) => {
    const mine = survivors.filter(({ where }) => where.startsWith(`packages/${name}/`))
    const list = mine.map(({ where, change, why }) => `- ${where}: ${change}. ${why ?? 'No test tells it apart yet.'}`)
    return [`### ${name}`, '', ...(list.length > 0 ? list : ['None.']), ''].join('\n')
  })
  return `# Mutation testing

\`pnpm mutation\` changes the pure packages in one place at a time and runs their unit tests on each change: a change that no test
notices is a rule that no test states. It writes this page, and fails when a package is below ${LOWEST_SCORE} %.

Not run on mutants: property tests (each rule needs an example, too, that fails without luck), tests with sockets, and type tests.

| Package | Mutants | Killed | Survived | Broken | Score |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

Broken are mutants that can't be loaded; they don't count.

## Survivors

${sections.join('\n')}`
}

function cut(source: string, start: Position, end: Position): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  lines[last] = lines[last]!.slice(0, end.column - 1)
  lines[0] = lines[0]!.slice(start.column - 1)
  return lines.join('\n')
}

/** As code on one line, cut off where it gets long. */
function shown(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ')
  const text = line.length > 60 ? `${line.slice(0, 60)}…` : line
  const ticks = text.includes('`') ? '``' : '`'
  return text === '' ? 'nothing' : `${ticks}${ticks === '``' ? ` ${text} ` : text}${ticks}`
}
