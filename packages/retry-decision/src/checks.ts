import { checkOptions, OptionError, refuse } from '@fetchstack/options'
import type { Budget } from './types.ts'

/** Fills in the defaults, whose keys are all that `options` may have. */
export function filled<T extends object>(owner: string, defaults: T, options: Partial<T>): T {
  checkOptions(owner, options, Object.keys(defaults))
  return { ...defaults, ...Object.fromEntries(given(options)) }
}

/** The options that are set. What is `undefined`, as JavaScript passes it on, is not. */
export function given<T>(options: object): [name: string, value: T][] {
  return Object.entries(options).filter(([, value]) => value !== undefined)
}

/** Checks each item under its own name, and returns a frozen copy of what `check` gives, or of the item where it gives nothing. */
export function checkedList<T>(
  owner: string,
  option: string,
  list: readonly T[],
  check: (owner: string, name: string, item: T) => T | void,
): readonly T[] {
  if (!Array.isArray(list)) refuse(owner, option, list, 'an array')
  return Object.freeze(list.map((item: T, index) => check(owner, `${option}[${index}]`, item) ?? item))
}

/** For functions of any number of arguments, where none is always a mistake. */
export function atLeastOne<T>(owner: string, list: readonly T[]): readonly T[] {
  if (list.length > 0) return list
  throw new OptionError(owner, owner, `${owner}() needs at least one argument.`)
}

/** Returns the method in upper case: `fetch` sends the usual ones so, and no server tells `get` from `GET`. */
export function checkedMethod(owner: string, option: string, method: string): string {
  return typeof method === 'string' && method
    ? method.toUpperCase()
    : refuse(owner, option, method, 'a method name, like "PUT"')
}

export function checkBudget(owner: string, budget: Budget): void {
  for (const part of ['initial', 'reduce', 'allows'] as const) {
    if (typeof budget?.[part] !== 'function') refuse(owner, 'budget', budget, `a budget (it lacks ${part}) or false`)
  }
}
