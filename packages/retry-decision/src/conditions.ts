import { checkFunction, checkNumber, checkOneOf } from '@fetchstack/options'
import { atLeastOne, checkedMethod } from './checks.ts'
import type { Category, Condition, Facts, Outcome } from './types.ts'

/** One status code, or the first and the last of a range. */
export type StatusRange = number | readonly [from: number, to: number]

/**
 * True for these status codes. False when there was no response.
 *
 * @param codes - Codes, and ranges with both ends included: `status(429, [500, 599])`.
 * @throws {OptionError} When there is none, or one is not a status code.
 * @example
 * ```ts
 * import { policy, retryIf, status } from '@fetchstack/retry-decision'
 *
 * const custom = policy({ rules: [retryIf(status(404, [520, 529]))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function status(...codes: readonly StatusRange[]): Condition {
  const ranges = atLeastOne('status', codes).map((code) => (typeof code === 'object' ? code : ([code, code] as const)))
  for (const [from, to] of ranges) {
    checkNumber('status', 'code', from, { min: 100, max: 999, integer: true })
    checkNumber('status', 'end of range', to, { min: from, max: 999, integer: true })
  }
  return function status({ verdict }) {
    const code = verdict.status ?? 0
    return ranges.some(([from, to]) => code >= from && code <= to)
  }
}

/** Every category once: a missing one does not compile. */
const CATEGORIES: Readonly<Record<Category, true>> = {
  success: true,
  redirect: true,
  'client-error': true,
  auth: true,
  conflict: true,
  throttled: true,
  overloaded: true,
  'server-error': true,
  gateway: true,
  network: true,
  timeout: true,
  aborted: true,
  config: true,
  unknown: true,
}

/**
 * True for outcomes that were classified as one of these.
 *
 * @throws {OptionError} When there is none, or one does not exist.
 * @example
 * ```ts
 * import { category, policy, stopIf } from '@fetchstack/retry-decision'
 *
 * const impatient = policy({ rules: [stopIf(category('throttled', 'overloaded'))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function category(...categories: readonly Category[]): Condition {
  const known = Object.keys(CATEGORIES)
  for (const name of atLeastOne('category', categories)) checkOneOf('category', 'category', name, known)
  return function category({ verdict }) {
    return categories.includes(verdict.category)
  }
}

/**
 * True for requests with one of these methods, in upper or lower case.
 *
 * @throws {OptionError} When there is none, or one is not a name.
 * @example
 * ```ts
 * import { allOf, method, policy, retryIf, status } from '@fetchstack/retry-decision'
 *
 * const searches = policy({ rules: [retryIf(allOf(method('POST'), status(502, 503)))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function method(...methods: readonly string[]): Condition {
  const names = atLeastOne('method', methods).map((name) => checkedMethod('method', 'method', name))
  return function method({ request }) {
    return names.includes(request.method.toUpperCase())
  }
}

/**
 * True from attempt `count + 1` on, the first one included in the count. Guzzle's `$retries > 3` is `attemptsOver(4)`.
 *
 * @throws {OptionError} When `count` is not a whole number of at least 1.
 * @example
 * ```ts
 * import { allOf, attemptsOver, category, policy, stopIf } from '@fetchstack/retry-decision'
 *
 * const once = policy({ rules: [stopIf(allOf(category('network'), attemptsOver(1)))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function attemptsOver(count: number): Condition {
  checkNumber('attemptsOver', 'count', count, { min: 1, integer: true })
  return function attemptsOver({ attempt }) {
    return attempt > count
  }
}

/**
 * True when something was thrown before the server could act on the request, and another try may get through: refused, no route, name
 * not found, connect timeout, refused by the proxy. Guzzle's `ConnectException`.
 *
 * @example
 * ```ts
 * import { connectError, policy, retryIf } from '@fetchstack/retry-decision'
 *
 * const stubborn = policy({ maxAttempts: 10, rules: [retryIf(connectError())] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function connectError(): Condition {
  return function connectError({ verdict }) {
    return verdict.status === undefined && verdict.processed === 'no' && verdict.retry === 'any'
  }
}

/**
 * True when there is a response for which `predicate` is true. Headers only: the body must not be read here.
 *
 * @throws {OptionError} When `predicate` is not a function.
 * @example
 * ```ts
 * import { policy, stopIf, whenResponse } from '@fetchstack/retry-decision'
 *
 * const polite = policy({ rules: [stopIf(whenResponse(({ headers }) => headers.get('x-maintenance') !== null))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function whenResponse(
  predicate: (response: Extract<Outcome, { response: unknown }>['response'], facts: Facts) => boolean,
): Condition {
  checkFunction('whenResponse', 'predicate', predicate)
  return function whenResponse(facts) {
    const { outcome } = facts
    return outcome !== undefined && 'response' in outcome && predicate(outcome.response, facts)
  }
}

/**
 * True when an error was thrown for which `predicate` is true.
 *
 * @throws {OptionError} When `predicate` is not a function.
 * @example
 * ```ts
 * import { policy, retryIf, whenError } from '@fetchstack/retry-decision'
 *
 * class LeaseLost extends Error {}
 * const leased = policy({ rules: [retryIf(whenError((error) => error instanceof LeaseLost))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function whenError(predicate: (error: unknown, facts: Facts) => boolean): Condition {
  checkFunction('whenError', 'predicate', predicate)
  return function whenError(facts) {
    const { outcome } = facts
    return outcome !== undefined && 'error' in outcome && predicate(outcome.error, facts)
  }
}
