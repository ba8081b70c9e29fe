import { OptionError } from '@fetchstack/options'
import type { Fault } from './fault.ts'
import { checkFault, faults } from './faults.ts'
import { pathOf } from './record.ts'
import { type Pattern, parsePattern } from './route.ts'
import { parseScript } from './script.ts'
import type { Step, StepFunction, Steps } from './types.ts'

/** What a request gets. */
export interface Selection {
  /** The pattern of the route, or the script with its id. */
  readonly route: string
  /** Counted from 1 within the route or script. */
  readonly attempt: number
  readonly step: Fault | StepFunction
}

/** The headers that a request can carry its script in. Node joins those that come several times. */
export interface ScriptHeaders {
  readonly 'x-fault'?: string
  readonly 'x-fault-id'?: string
}

/** The routes and scripts of a server, and how far each of them has got. */
export interface Router {
  add(pattern: string, steps: Steps): void
  /** Takes the next step for a request. @throws {OptionError} It carries a script that can't be read. */
  select(method: string, url: string, headers: ScriptHeaders): Selection | undefined
  /** The patterns, in the order in which they are tried. */
  patterns(): string[]
  rewind(): void
}

export const SCRIPT_PATH = '/script/'

type PlainStep = Selection['step']

export function createRouter(): Router {
  const routes: { pattern: Pattern; steps: readonly PlainStep[] }[] = []
  const served = new Map<string, number>()
  const take = (route: string, steps: readonly PlainStep[]): Selection => {
    const attempt = (served.get(route) ?? 0) + 1
    served.set(route, attempt)
    return { route, attempt, step: steps[Math.min(attempt, steps.length) - 1]! }
  }
  return {
    add: (text, given) => {
      const pattern = parsePattern('faultyServer.route', text)
      const steps = toSteps(pattern.text, given)
      const known = routes.find((route) => route.pattern.text === pattern.text)
      served.delete(pattern.text)
      if (known === undefined) routes.push({ pattern, steps })
      else known.steps = steps
    },
    select: (method, url, headers) => {
      const path = pathOf(url)
      const { 'x-fault': script, 'x-fault-id': id } = headers
      if (script !== undefined) return take(`${script} ${id ?? `${method} ${url}`}`, parseScript(script))
      if (path.startsWith(SCRIPT_PATH)) {
        return take(path, parseScript(path.slice(SCRIPT_PATH.length).split('/', 1)[0] ?? ''))
      }
      const route = routes.find(({ pattern }) => pattern.matches(method, path))
      return route && take(route.pattern.text, route.steps)
    },
    patterns: () => routes.map(({ pattern }) => pattern.text),
    rewind: () => served.clear(),
  }
}

/** What a step that is no function, or the function of one, stands for. @throws {OptionError} */
export function toFault(owner: string, value: Fault | number): Fault {
  return typeof value === 'number' ? faults.status(value) : checkFault(owner, value)
}

function toSteps(pattern: string, given: Steps): PlainStep[] {
  if (typeof given === 'string') return parseScript(given)
  const list: readonly Step[] = Array.isArray(given) ? given : [given as Step]
  if (list.length === 0) {
    const text = `steps: "${pattern}" has none. Give at least one, for example faults.ok().`
    throw new OptionError('faultyServer.route', 'steps', text)
  }
  return list.map((step) => (typeof step === 'function' ? step : toFault('faultyServer.route', step)))
}
