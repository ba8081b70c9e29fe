import { checkFunction } from '@fetchstack/options'
import { atLeastOne } from './checks.ts'
import type { Condition, Rule } from './types.ts'

/**
 * A rule that says retry when the condition is true, and nothing otherwise.
 *
 * It is the user's explicit word: the classification, the method and the server's word to stop no longer count. Body,
 * attempts, the server's wait, deadline, breaker and budget still do.
 *
 * @param condition - A ready-made condition, or any function of the facts.
 * @throws {OptionError} When `condition` is not a function.
 * @example
 * ```ts
 * import { connectError, policy, retryIf, status } from '@fetchstack/retry-decision'
 *
 * const custom = policy({ rules: [retryIf(connectError()), retryIf(status(429, [500, 599]))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function retryIf(condition: Condition): Rule {
  checkFunction('retryIf', 'condition', condition)
  return function retryIf(facts) {
    return condition(facts) ? 'retry' : undefined
  }
}

/**
 * A rule that says allow when the condition is true, and nothing otherwise: the outcome may be resent although the classification would
 * not, but only with an idempotent method, an Idempotency-Key or proof that the request was not processed.
 *
 * @param condition - A ready-made condition, or any function of the facts.
 * @throws {OptionError} When `condition` is not a function.
 * @example
 * ```ts
 * import { allowIf, policy, status } from '@fetchstack/retry-decision'
 *
 * const eventual = policy({ rules: [allowIf(status(404))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function allowIf(condition: Condition): Rule {
  checkFunction('allowIf', 'condition', condition)
  return function allowIf(facts) {
    return condition(facts) ? 'allow' : undefined
  }
}

/**
 * A rule that says stop when the condition is true, and nothing otherwise.
 *
 * @param condition - A ready-made condition, or any function of the facts.
 * @throws {OptionError} When `condition` is not a function.
 * @example
 * ```ts
 * import { policy, stopIf } from '@fetchstack/retry-decision'
 *
 * const custom = policy({ rules: [stopIf(({ request }) => request.url?.includes('/payments') === true)] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function stopIf(condition: Condition): Rule {
  checkFunction('stopIf', 'condition', condition)
  return function stopIf(facts) {
    return condition(facts) ? 'stop' : undefined
  }
}

/**
 * True when at least one of the conditions is. Asked in order, up to the first that is true.
 *
 * @throws {OptionError} When there is none, or one is not a function.
 * @example
 * ```ts
 * import { anyOf, connectError, policy, retryIf, status } from '@fetchstack/retry-decision'
 *
 * const custom = policy({ rules: [retryIf(anyOf(connectError(), status(503)))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function anyOf(...conditions: readonly Condition[]): Condition {
  for (const condition of atLeastOne('anyOf', conditions)) checkFunction('anyOf', 'condition', condition)
  return function anyOf(facts) {
    return conditions.some((condition) => condition(facts))
  }
}

/**
 * True when all of the conditions are. Asked in order, up to the first that is false.
 *
 * @throws {OptionError} When there is none, or one is not a function.
 * @example
 * ```ts
 * import { allOf, method, policy, retryIf, status } from '@fetchstack/retry-decision'
 *
 * const custom = policy({ rules: [retryIf(allOf(method('POST'), status(503)))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function allOf(...conditions: readonly Condition[]): Condition {
  for (const condition of atLeastOne('allOf', conditions)) checkFunction('allOf', 'condition', condition)
  return function allOf(facts) {
    return conditions.every((condition) => condition(facts))
  }
}

/**
 * True when the condition is false.
 *
 * @throws {OptionError} When `condition` is not a function.
 * @example
 * ```ts
 * import { allOf, method, not, policy, status, stopIf } from '@fetchstack/retry-decision'
 *
 * const custom = policy({ rules: [stopIf(allOf(status([500, 599]), not(method('GET'))))] })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function not(condition: Condition): Condition {
  checkFunction('not', 'condition', condition)
  return function not(facts) {
    return !condition(facts)
  }
}
