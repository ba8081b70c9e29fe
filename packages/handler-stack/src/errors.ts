import { suggest } from '@fetchstack/options'
import { redactUrl } from './redact.ts'

/**
 * The URL can't be parsed, or is relative where there is nothing to resolve it against.
 * A `TypeError`, as `fetch` itself throws.
 */
export class InvalidUrlError extends TypeError {
  override readonly name = 'InvalidUrlError' as const
  readonly code = 'FETCHSTACK_INVALID_URL' as const

  constructor(url: string) {
    super(`Invalid URL "${redactUrl(url)}": it must be absolute.`)
  }
}

/** A body had to be sent again, but it is a stream or has been read. */
export class BodyNotReplayableError extends TypeError {
  override readonly name = 'BodyNotReplayableError' as const
  readonly code = 'FETCHSTACK_BODY_NOT_REPLAYABLE' as const

  constructor(request: string) {
    super(`${request}: the body is a stream or was read. To send it again, give a function that makes it.`)
  }
}

/** Something is wrong with the stack itself, or with how it was addressed: found when it is built, resolved or called. */
export class StackError extends TypeError {
  override readonly name = 'StackError' as const
  readonly code = 'FETCHSTACK_INVALID_STACK' as const
}

export const NO_HANDLER = 'Nothing sends the request: use HandlerStack.create() or withHandler().'

/** @throws {StackError} `value` is of another type. */
export function checkType(value: unknown, what: string, type = 'function'): void {
  if (typeof value !== type) throw new StackError(`${what} must be of type ${type}, got ${value && typeof value}.`)
}

/** The error for a name that is none of `known`, with the closest one. */
export function unknownName(what: string, name: string, known: readonly (string | undefined)[]): StackError {
  const names = known.filter((one) => one !== undefined)
  const close = suggest(name, names)
  const hint = close === undefined ? '' : ` Did you mean "${close}"?`
  return new StackError(`No ${what} "${name}".${hint} There are: ${names.join(', ') || 'none'}.`)
}
