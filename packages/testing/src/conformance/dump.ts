/** One way in which a value can be printed. */
export interface Dump {
  /** How: `its message`. */
  readonly how: string
  readonly text: string
}

type Inspect = (value: unknown, options?: object) => string

/** The inspector behind the runtime's `console`, where it has one. */
function inspector(): Inspect | undefined {
  const { process, Bun, Deno } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => { inspect?: Inspect } | undefined }
    Bun?: { inspect?: Inspect }
    Deno?: { inspect?: Inspect }
  }
  return Bun?.inspect ?? Deno?.inspect ?? process?.getBuiltinModule?.('node:util')?.inspect
}

/** All that gets into a log when somebody logs the value, its causes with it. */
export function dumpsOf(what: string, value: unknown): readonly Dump[] {
  const inspect = inspector()
  const ways: Record<string, () => string | undefined> = {
    'as text': () => (value as { toString(): string } | undefined)?.toString(),
    'as JSON': () => JSON.stringify(value),
    'as the console prints it': () => inspect?.(value, { depth: 10 }),
  }
  if (value instanceof Error) {
    ways['its message'] = () => value.message
    ways['its stack'] = () => value.stack
    ways['as JSON of its own fields'] = () => JSON.stringify(Object.fromEntries(Object.entries(value)))
  }
  const dumps = Object.entries(ways).map(([how, print]) => ({ how: `${what}, ${how}`, text: attempt(print) }))
  const { cause, errors } = Object(value) as Partial<AggregateError>
  if (cause !== undefined && cause !== value) dumps.push(...dumpsOf(`${what}, its cause`, cause))
  for (const error of Array.isArray(errors) ? (errors as unknown[]) : [])
    dumps.push(...dumpsOf(`${what}, one of its errors`, error))
  return dumps
}

function attempt(print: () => string | undefined): string {
  try {
    return print() ?? ''
  } catch {
    return ''
  }
}

const levels = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const

/** Takes what is written to the console while `run` runs, instead of the console. */
export async function captureConsole(run: () => Promise<void>): Promise<readonly Dump[]> {
  const dumps: Dump[] = []
  const target = globalThis.console
  const originals = levels.map((level) => [level, target[level]] as const)
  for (const level of levels) {
    target[level] = (...values: unknown[]) => {
      for (const value of values) dumps.push(...dumpsOf(`a line of console.${level}`, value))
    }
  }
  try {
    await run()
  } finally {
    for (const [level, original] of originals) target[level] = original
  }
  return dumps
}
