import { Validator } from '@cfworker/json-schema'
import { checkOneOf, checkOptions } from '@fetchstack/options'
import schema from './corpus.schema.json' with { type: 'json' }
import { CorpusError } from './corpus-error.ts'
import type { CorpusFiles } from './types.ts'

export { CorpusError } from './corpus-error.ts'

/** Options of {@link validateCorpus}. */
export interface ValidateOptions<Kind extends keyof CorpusFiles = keyof CorpusFiles> {
  /** How the file is called in messages. Default: its kind. */
  readonly name?: string
  /**
   * Which file it is. `corpus`: the one with all rows. `recorded`: `errors/<runtime>.json`. The others: those in `data`.
   * Default `corpus`.
   */
  readonly kind?: Kind
}

const kinds: readonly (keyof CorpusFiles)[] = ['corpus', 'recorded', 'cases', 'situations', 'reported', 'requests']

/**
 * Checks a file of the corpus against its schema, and that no two rows have the same id; gives it back, typed.
 *
 * @param value - The parsed file, or its text.
 * @param options - How it is called, and which file it is.
 * @throws {CorpusError} If the text is no JSON, or something in it is not as the schema says; of that the first, and the exact
 *   place. The code is `FETCHSTACK_INVALID_CORPUS`.
 * @throws {OptionError} If an option is unknown or the kind is none.
 * @example
 * ```ts
 * import { CorpusError, validateCorpus } from '@fetchstack/corpus/validate'
 *
 * try {
 *   validateCorpus('{ "format": 1, "rows": [] }', { name: 'mine.json' })
 * } catch (error) {
 *   if (error instanceof CorpusError) console.log(error.message)
 * }
 * ```
 */
export function validateCorpus<Kind extends keyof CorpusFiles = 'corpus'>(
  value: unknown,
  options: ValidateOptions<Kind> = {},
): CorpusFiles[Kind] {
  checkOptions('validateCorpus', options, ['name', 'kind'])
  const { kind = 'corpus' as Kind, name = kind } = options
  checkOneOf('validateCorpus', 'kind', kind, kinds)
  const data = typeof value === 'string' ? parse(value, name) : value
  const wrong = firstWrong(data, kind)
  if (wrong) throw new CorpusError(name, wrong.pointer, rowAt(data, wrong.pointer), wrong.what)
  const seen = new Set<string>()
  const { list, rows } = rowsOf(data)
  for (const [index, { id }] of rows.entries()) {
    if (seen.has(id)) throw new CorpusError(name, `/${list}/${index}/id`, id, 'another row has this id already.')
    seen.add(id)
  }
  return data as CorpusFiles[Kind]
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CorpusError(name, '', undefined, `it is no JSON. ${(error as Error).message}`, { cause: error })
  }
}

function firstWrong(data: unknown, kind: string): { readonly pointer: string; readonly what: string } | undefined {
  try {
    const { errors } = validatorOf(kind).validate(data)
    if (errors.length === 0) return undefined
    // Around each error stand those of the places that hold it, and beside it those of the choices that were not meant.
    const depth = (error: (typeof errors)[number]) => error.instanceLocation.split('/').length
    const { instanceLocation, keyword, error } = errors.reduce((best, one) => {
      if (depth(one) !== depth(best)) return depth(one) > depth(best) ? one : best
      return one.keyword === 'false' && best.keyword !== 'false' ? best : one
    })
    const pointer = decodeURI(instanceLocation.slice(1))
    const here = JSON.stringify(valueAt(data, pointer)).slice(0, 80)
    const what = keyword === 'false' ? 'There is no such property.' : error.slice(0, 400)
    return { pointer, what: `${what} It is ${here}.` }
  } catch (error) {
    // What no JSON text gives, such as a cycle, or one that is nested too deep.
    return { pointer: '', what: `it can't be checked. ${String(error).slice(0, 300)}` }
  }
}

const validators = /* @__PURE__ */ new Map<string, Validator>()

function validatorOf(kind: string): Validator {
  let validator = validators.get(kind)
  if (!validator) {
    // A copy, for the validator writes into what it is given.
    const $defs: unknown = structuredClone(schema.$defs)
    validator = new Validator({ $ref: `#/$defs/${kind}`, $defs }, '2020-12')
    validators.set(kind, validator)
  }
  return validator
}

function valueAt(data: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1)
  return keys.reduce<unknown>((value, key) => {
    return (value as Readonly<Record<string, unknown>>)[key.replaceAll('~1', '/').replaceAll('~0', '~')]
  }, data)
}

interface Named {
  readonly id: string
}

/** The list of rows in a valid file, if it has one. */
function rowsOf(data: unknown): { readonly list: string; readonly rows: readonly Named[] } {
  const file = data as Readonly<Record<string, readonly Named[] | undefined>>
  for (const list of ['rows', 'cases', 'errors']) if (Array.isArray(file[list])) return { list, rows: file[list] }
  return { list: 'rows', rows: [] }
}

/** The name of the row that a pointer leads to: its id, or its key where rows are kept by name. */
function rowAt(data: unknown, pointer: string): string | undefined {
  const [, list, key] = pointer.split('/')
  if (list === undefined || key === undefined) return undefined
  const { id } = (valueAt(data, `/${list}/${key}`) ?? {}) as Partial<Named>
  return typeof id === 'string' ? id.slice(0, 100) : /^\d+$/.test(key) ? undefined : key
}
