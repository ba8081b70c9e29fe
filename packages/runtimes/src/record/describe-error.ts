import type { ErrorShape } from '@fetchstack/corpus'

/** What is known of the call that failed. */
export interface ErrorContext {
  /** The signal that was handed to whoever threw. */
  readonly signal?: AbortSignal | null | undefined
}

// What a runtime hangs on its errors that is of this machine or of this run only, or repeats what is there already.
const LEFT_OUT: readonly string[] = [
  'name',
  'message',
  'stack',
  'cause',
  'errors',
  'line',
  'column',
  'sourceURL',
  'originalLine',
  'originalColumn',
]

// Inherited data fields that are worth a look; own ones are taken as they come.
const INHERITED: readonly string[] = ['code', 'errno', 'syscall']

/**
 * An error as plain data: what a program can see of it, and nothing of the machine and the run. Addresses, ports, paths,
 * identifiers and durations are replaced by names for them; the stack is left out. Never throws.
 */
export function describeError(thrown: unknown, { signal }: ErrorContext = {}): ErrorShape {
  const shape = shapeOf(thrown, 0)
  return signal?.aborted && thrown === signal.reason ? { ...shape, isSignalReason: true } : shape
}

function shapeOf(thrown: unknown, depth: number): ErrorShape {
  if (typeof thrown !== 'object' || thrown === null) {
    return { name: `(${thrown === null ? 'null' : typeof thrown})`, message: normalise(String(thrown)), classes: [] }
  }
  const { name, message, cause, errors } = thrown as Partial<AggregateError>
  const fields = fieldsOf(thrown as Record<string, unknown>)
  return {
    name: String(name),
    message: normalise(String(message)),
    classes: classesOf(thrown),
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(cause !== undefined && depth < 8 && { cause: shapeOf(cause, depth + 1) }),
    ...(Array.isArray(errors) && { errors: errors.slice(0, 8).map((error) => shapeOf(error, depth + 1)) }),
  }
}

/** By `instanceof` of the platform's classes, as a program would ask; the constructors of a runtime's own besides. */
function classesOf(thrown: object): string[] {
  const names: string[] = []
  let prototype = Object.getPrototypeOf(thrown) as { constructor?: { name?: unknown } } | null
  while (prototype !== null && prototype !== Object.prototype && names.length < 8) {
    const name = prototype.constructor?.name
    if (typeof name === 'string' && name !== '' && !names.includes(name)) names.push(name)
    prototype = Object.getPrototypeOf(prototype) as typeof prototype
  }
  if (thrown instanceof Error && !names.includes('Error')) names.push('Error')
  return names
}

function fieldsOf(thrown: Record<string, unknown>): Record<string, string | number | boolean> {
  const fields: Record<string, string | number | boolean> = {}
  const names = new Set([...Object.getOwnPropertyNames(thrown), ...INHERITED])
  for (const name of [...names].filter((name) => !LEFT_OUT.includes(name)).toSorted()) {
    try {
      const value = thrown[name]
      if (typeof value === 'string') fields[name] = normaliseField(name, value)
      else if (typeof value === 'number') fields[name] = VARYING[name] ?? value
      else if (typeof value === 'boolean') fields[name] = value
    } catch {
      // A getter that throws is no data.
    }
  }
  return fields
}

const VARYING: Readonly<Record<string, string>> = { port: '<port>', timeout: '<ms>', attempt: '<number>' }

function normaliseField(name: string, value: string): string {
  return name === 'reference' ? '<id>' : normalise(value)
}

/** Replaces what differs from machine to machine and from run to run. */
export function normalise(text: string): string {
  return text
    .replaceAll(/(?:127\.0\.0\.1|\[::1\]|::1|localhost):\d+/g, '<host>:<port>')
    .replaceAll(/127\.0\.0\.1|\[::1\]|(?<![\w:])::1(?![\w:])/g, '<host>')
    .replaceAll(/<host>:<port>\/script\/[^\s"')]*/g, '<host>:<port>/<path>')
    .replaceAll(/\breference ?= ?\w+/g, 'reference = <id>')
    .replaceAll(/\b[\dA-F]{16}:error:/g, '<id>:error:')
    .replaceAll(/(?:file:\/\/)?\/(?:root|home|tmp|work|usr|data)\/[^\s"'):]*/g, '<path>')
    .replaceAll(/\b\d+(?:\.\d+)? ?m?s\b/g, '<ms>')
}
