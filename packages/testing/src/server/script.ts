import { checkNumber, OptionError, suggest } from '@fetchstack/options'
import type { Fault } from './fault.ts'
import { faults } from './faults.ts'

type Params = Record<string, string>

/** The faults that a script can name besides the statuses, and the numbers that each takes. */
const NAMED: Record<string, readonly [names: readonly string[], make: (params: Record<string, number>) => Fault]> = {
  reset: [[], faults.reset],
  close: [[], faults.close],
  stall: [[], faults.stall],
  garbage: [[], faults.garbage],
  'reset-body': [['sent'], faults.resetBody],
  'stall-body': [['sent'], faults.stallBody],
  truncate: [['sent'], faults.truncate],
  drip: [['bytes', 'interval'], faults.drip],
  'huge-headers': [['bytes'], ({ bytes }) => faults.hugeHeaders(bytes)],
}

/**
 * Reads a script: steps with commas between them, each a status or the name of a fault, each with parameters after semicolons.
 *
 * - Statuses: `503`. Parameters are headers: `429;retry-after=1`; `body` is the body, `size` makes one of so many bytes.
 * - Names: `reset`, `close`, `stall`, `garbage`, `reset-body;sent=10`, `stall-body;sent=10`, `truncate;sent=10`,
 *   `drip;bytes=1;interval=10`, `huge-headers;bytes=65536`.
 * - Any of them: `delay=50` (milliseconds) and `early=1` (don't wait for the request's body).
 *
 * Values are percent-decoded, so that `%2C` is a comma.
 *
 * @throws {OptionError} Names the step that can't be read, and what there is.
 * @example
 * ```ts
 * import { parseScript } from '@fetchstack/testing'
 *
 * parseScript('503,429;retry-after=1,reset,200')
 * ```
 */
export function parseScript(script: string): Fault[] {
  if (typeof script !== 'string' || script.trim() === '') {
    throw new OptionError('parseScript', 'script', 'the script is empty. Write it like "503,reset,200".')
  }
  return script.split(',').map(parseStep)
}

function parseStep(step: string): Fault {
  const [name = '', ...pairs] = step.split(';').map((part) => part.trim())
  const { delay, early, ...params } = parseParams(step, pairs)
  let fault = /^\d+$/.test(name) ? parseStatus(Number(name), params) : parseNamed(step, name, params)
  if (delay !== undefined) fault = faults.delayed(toNumber('delay', delay), fault)
  return early === undefined || early === '0' ? fault : faults.early(fault)
}

function parseStatus(status: number, { body, size, ...headers }: Params): Fault {
  return faults.status(status, headers, size === undefined ? body : 'x'.repeat(toSize(size)))
}

/** So that no request can fill the memory of the server. */
const MAX_SIZE = 16_777_216

function toSize(text: string): number {
  const size = text.trim() === '' ? Number.NaN : Number(text)
  checkNumber('parseScript', 'size', size, { max: MAX_SIZE, integer: true, unit: 'bytes' })
  return size
}

function parseNamed(step: string, name: string, params: Params): Fault {
  const entry = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined
  if (entry === undefined) {
    const close = suggest(name, Object.keys(NAMED))
    const hint = close === undefined ? '' : ` Did you mean "${close}"?`
    throw problem(step, `there is no fault "${name}".${hint} There are: a status, ${Object.keys(NAMED).join(', ')}`)
  }
  const [names, make] = entry
  const numbers: Record<string, number> = {}
  for (const [key, value] of Object.entries(params)) {
    if (!names.includes(key)) {
      throw problem(step, `"${key}" is unknown to ${name}. It takes: ${[...names, 'delay', 'early'].join(', ')}`)
    }
    numbers[key] = toNumber(key, value)
  }
  return make(numbers)
}

function parseParams(step: string, pairs: readonly string[]): Params {
  const entries = pairs.map((pair): [string, string] => {
    const at = pair.indexOf('=')
    if (at < 1) throw problem(step, `"${pair}" is not of the form name=value`)
    try {
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1))]
    } catch {
      throw problem(step, `"${pair}" has a broken percent-encoding`)
    }
  })
  return Object.fromEntries(entries)
}

function toNumber(name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  checkNumber('parseScript', name, value)
  return value
}

function problem(step: string, text: string): OptionError {
  return new OptionError('parseScript', 'script', `in "${step}": ${text}.`)
}
