import { suggest } from './suggest.ts'

/**
 * An option that can't be used: unknown, of the wrong type, out of range, or in contradiction to another.
 * Thrown when something is built, never while traffic flows. It is a `TypeError`, as the platform throws for bad arguments.
 */
export class OptionError extends TypeError {
  override readonly name = 'OptionError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code = 'FETCHSTACK_INVALID_OPTION' as const
  /** Who was given it, for example `retry`. */
  readonly owner: string
  /** Which option, for example `maxAttempts`; `''` when it is all of them. */
  readonly option: string

  constructor(owner: string, option: string, problem: string) {
    super(`${owner}: ${problem}`)
    this.owner = owner
    this.option = option
  }
}

/** Bounds for {@link checkNumber}; both ends included. */
export interface NumberRange {
  /** Smallest value allowed. Default 0. */
  readonly min?: number
  /** Largest value allowed. Default: none, but the value must be finite. Give `Infinity` to allow it. */
  readonly max?: number
  /** Whether the value must be whole; `Infinity`, where `max` allows it, counts as whole. Default `false`. */
  readonly integer?: boolean
  /** The unit, for the message: `'milliseconds'`. Default: none. */
  readonly unit?: string
}

/**
 * Throws unless `options` is `undefined` or an object that has only `known` keys of its own.
 *
 * @throws {OptionError} Names the unknown key, the closest known one and all that exist.
 * @example
 * ```ts
 * import { checkOptions } from '@fetchstack/options'
 *
 * checkOptions('retry', { maxAttempts: 3 }, ['maxAttempts', 'budget'])
 * ```
 */
export function checkOptions(owner: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return
  const fail = (key: string, problem: string): never => {
    throw new OptionError(owner, key, `${problem} It takes: ${known.join(', ')}.`)
  }
  // A string by its kind only: a credential that was passed in place of the options must not end up in a message.
  const got = typeof options === 'string' ? 'a string' : show(options)
  if (got !== 'an object') fail('', `options must be an object, got ${got}.`)
  for (const key of Object.keys(options as object)) {
    if (known.includes(key)) continue
    const close = suggest(key, known)
    fail(key, `unknown option "${key}".${close ? ` Did you mean "${close}"?` : ''}`)
  }
}

/**
 * Throws unless `value` is a number within `range`. `NaN` never is.
 *
 * @throws {OptionError} Names the option, what it takes and what it got.
 */
export function checkNumber(owner: string, option: string, value: unknown, range: NumberRange = {}): void {
  const { min = 0, max, integer, unit } = range
  if (
    typeof value === 'number' &&
    value >= min &&
    (max === undefined ? value < Infinity : value <= max) &&
    (!integer || Number.isInteger(value) || value === Infinity)
  ) {
    return
  }
  const kind = `a ${integer ? 'whole ' : ''}number${unit ? ` of ${unit}` : ''}`
  refuse(owner, option, value, `${kind} ${max! < Infinity ? `from ${min} to ${max}` : `of at least ${min}`}`)
}

/**
 * Throws unless `value` is a function.
 *
 * @throws {OptionError} Names the option and what it got.
 */
export function checkFunction(owner: string, option: string, value: unknown): void {
  if (typeof value !== 'function') refuse(owner, option, value, 'a function')
}

/**
 * Throws unless `value` is one of `allowed`.
 *
 * @throws {OptionError} Names the option, what it takes and what it got.
 */
export function checkOneOf(owner: string, option: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) refuse(owner, option, value, `one of ${allowed.map(show).join(', ')}`)
}

/**
 * Throws: `value` is not what `option` takes. For a check of your own.
 *
 * @param wanted - What it takes: the rest of "must be...".
 * @throws {OptionError} Names the option, what it takes and what it got.
 * @example
 * ```ts
 * import { refuse } from '@fetchstack/options'
 *
 * const text = (value: unknown) => (typeof value === 'string' ? value : refuse('tag', 'name', value, 'a string'))
 * ```
 */
export function refuse(owner: string, option: string, value: unknown, wanted: string): never {
  throw new OptionError(owner, option, `${option} must be ${wanted}, got ${show(value)}.`)
}

/** Short and on one line. Objects by their kind only: they may hold what must not be printed. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  return Array.isArray(value) ? 'an array' : Object(value) === value ? 'an object' : String(value)
}
