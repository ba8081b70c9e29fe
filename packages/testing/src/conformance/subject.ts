import type { AnyMiddleware } from '@fetchstack/handler-stack'
import { checkMiddleware, describedAs, isStack } from './check-middleware.ts'

/** What `conformance` takes. */
export type Subject = AnyMiddleware | (() => AnyMiddleware)

/** A subject that was looked at. */
export interface KnownSubject {
  readonly name: string
  /** Whether `make` gives a new one each time. */
  readonly fresh: boolean
  readonly make: () => AnyMiddleware
}

/** @throws {OptionError} It is no middleware; the message says what it seems to be and what to give. */
export function readSubject(owner: string, given: Subject, name?: string): KnownSubject {
  const fresh = isFactory(given)
  const make = (): AnyMiddleware => makeOf(given)
  const first = make()
  checkMiddleware(owner, first, fresh ? 'what the function without parameters gave' : 'what was given')
  const title =
    describedAs(first)?.name ?? ((first as { readonly name?: string }).name || (given as { name?: string }).name)
  return { name: name ?? (title || 'the middleware'), fresh, make }
}

/** A middleware, or what comes of the function that makes one. */
export function makeOf(given: Subject): AnyMiddleware {
  return isFactory(given) ? given() : given
}

/** A middleware has a parameter, `next`; what makes one has none. */
function isFactory(given: Subject): given is () => AnyMiddleware {
  return typeof given === 'function' && given.length === 0 && describedAs(given) === undefined && !isStack(given)
}
