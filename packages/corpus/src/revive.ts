import type { ErrorShape } from './types.ts'

/**
 * Builds an error from a recorded shape, for tests: of the first of its classes that exists here, with the same name, message,
 * fields, cause and errors. It has a stack of its own, and is of a class of this runtime. A shape without classes is a plain
 * object, or the value itself where the name tells its type: `(string)`, `(undefined)`.
 *
 * @param shape - From a row of the corpus or a file that the recorder wrote.
 * @throws Never, for a shape that fits the schema.
 * @example
 * ```ts
 * import { corpus, reviveError } from '@fetchstack/corpus'
 *
 * for (const { id, outcome } of corpus.rows) {
 *   if ('error' in outcome) console.log(id, reviveError(outcome.error.shape))
 * }
 * ```
 */
export function reviveError(shape: ErrorShape): unknown {
  const { name, message, classes, fields = {}, cause, errors } = shape
  if (classes.length === 0 && name.startsWith('(')) return (primitives[name] ?? String)(message)
  const error = create(shape)
  const set = (key: string, value: unknown, enumerable = false) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true })
  if (error.name !== name) set('name', name)
  if (error.message !== message) set('message', message)
  for (const [key, value] of Object.entries(fields)) if (error[key] !== value) set(key, value, true)
  if (cause) set('cause', reviveError(cause), classes.length === 0)
  if (errors) set('errors', errors.map(reviveError))
  return error
}

const primitives: Readonly<Record<string, (text: string) => unknown>> = {
  '(boolean)': (text) => text === 'true',
  '(number)': Number,
  '(null)': () => null,
  '(undefined)': () => undefined,
}

function create({ name, message, classes }: ErrorShape): Record<string, unknown> {
  const made: Readonly<Record<string, () => object>> = {
    AggregateError: () => new AggregateError([], message),
    DOMException: () => new DOMException(message, name),
    Error: () => new Error(message),
    EvalError: () => new EvalError(message),
    RangeError: () => new RangeError(message),
    ReferenceError: () => new ReferenceError(message),
    SyntaxError: () => new SyntaxError(message),
    TypeError: () => new TypeError(message),
    URIError: () => new URIError(message),
  }
  const known = classes.find((one) => Object.hasOwn(made, one))
  const object = known ? made[known]!() : classes.length > 0 ? new Error(message) : { name, message }
  return object as Record<string, unknown>
}
