import { checkOneOf, checkOptions, OptionError, refuse } from '@fetchstack/options'
import { parseScript } from '../server/script.ts'
import { inputs } from './inputs.ts'
import type { Declared } from './rule.ts'
import { readSubject } from './subject.ts'
import type { Declares } from './types.ts'

const owner = 'conformance'
/** Fills the gaps. @throws {OptionError} Something in it is unknown, or of the wrong type. */
export function readDeclares(given: Declares = {}): Declared {
  const known = [
    'changesRequest',
    'changesResponse',
    'resends',
    'answersItself',
    'waits',
    'secrets',
    'wrote',
    'refuses',
  ]
  checkOptions(`${owner}.declares`, given, known)
  const { changesRequest = false, changesResponse = false, resends, waits, secrets = [], refuses = [] } = given
  list('changesRequest', changesRequest, 'string')
  list('changesResponse', changesResponse, 'number')
  list('secrets', secrets, 'string')
  list('refuses', refuses, 'string')
  if (secrets.includes(''))
    throw new OptionError(owner, 'secrets', 'secrets: an empty text is in everything. Leave it out.')
  const kinds = [...inputs.map(({ kind }) => kind), 'redirect']
  for (const kind of refuses) checkOneOf(owner, 'refuses', kind, kinds)
  checkOneOf(owner, 'answersItself', given.answersItself, [true, false, undefined])
  if (given.wrote !== undefined && typeof given.wrote !== 'function') refuse(owner, 'wrote', given.wrote, 'a function')
  if (resends !== undefined) step('resends', resends)
  checkOptions(`${owner}.declares.waits`, waits, ['after', 'middleware'])
  if (waits?.after !== undefined) step('waits.after', waits.after)
  if (waits?.middleware !== undefined) readSubject(`${owner}.declares.waits`, waits.middleware)
  return { ...given, changesRequest, changesResponse, secrets, refuses }
}

function list(option: string, value: unknown, type: 'string' | 'number'): void {
  if (typeof value === 'boolean' && option.startsWith('changes')) return
  if (Array.isArray(value) && value.every((one) => typeof one === type)) return
  refuse(owner, option, value, `${option.startsWith('changes') ? 'true, false or ' : ''}a list of ${type}s`)
}

/** A single step: the kit puts it into scripts of its own. */
function step(option: string, value: unknown): void {
  if (typeof value !== 'string' || value.includes(',')) refuse(owner, option, value, 'one step of a script, like "503"')
  parseScript(value)
}
