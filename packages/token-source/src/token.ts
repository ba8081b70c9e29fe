import { checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import { Secret } from '@fetchstack/secret'
import type { Token } from './types.ts'

/** What {@link makeToken} makes a token of. */
export interface TokenFields {
  /** The access token. */
  readonly value: string | Secret
  /** How it is to be sent. Default `Bearer`. */
  readonly type?: string | undefined
  /** When it ends, in milliseconds since the epoch. Default: not known. */
  readonly expiresAt?: number | undefined
  /** When it was received, in milliseconds since the epoch. Default now. */
  readonly issuedAt?: number | undefined
  readonly refreshToken?: string | Secret | undefined
  /** Scopes, with spaces between them. */
  readonly scope?: string | undefined
}

/**
 * A frozen token, its secrets wrapped.
 *
 * @throws {OptionError} A field is of another type, or a secret is empty. No message shows a value.
 * @example
 * ```ts
 * import { makeToken } from '@fetchstack/token-source'
 *
 * const token = makeToken({ value: 'eyJhbGciOi', expiresAt: Date.now() + 3_600_000 })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function makeToken(fields: TokenFields): Token {
  const owner = 'makeToken'
  if (fields === undefined) throw new OptionError(owner, '', 'fields must be an object, got undefined.')
  checkOptions(owner, fields, ['value', 'type', 'expiresAt', 'issuedAt', 'refreshToken', 'scope'])
  const { type = 'Bearer', expiresAt, issuedAt = Date.now(), scope } = fields
  const secret = (option: 'value' | 'refreshToken'): Secret => {
    const given = fields[option]
    // By its shape: a `Secret` of another copy of this package is one too.
    const text = typeof given === 'object' && typeof given?.reveal === 'function' ? given.reveal() : given
    if (typeof text === 'string' && text !== '') return given instanceof Secret ? given : Secret.of(text)
    throw new OptionError(owner, option, `${option} must be a string that is not empty.`)
  }
  const texts = { type, scope: scope ?? '' }
  for (const [option, text] of Object.entries(texts)) {
    if (typeof text !== 'string') throw new OptionError(owner, option, `${option} must be a string.`)
  }
  const unit = 'milliseconds since the epoch'
  if (expiresAt !== undefined) checkNumber(owner, 'expiresAt', expiresAt, { unit })
  checkNumber(owner, 'issuedAt', issuedAt, { unit })
  return Object.freeze({
    value: secret('value'),
    type,
    issuedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(fields.refreshToken !== undefined && { refreshToken: secret('refreshToken') }),
    ...(scope !== undefined && { scope }),
  })
}

/** A token as JSON, its secrets in clear text: what a store writes. */
export function encodeToken(token: Token): string {
  const { value, type, expiresAt, issuedAt, refreshToken, scope } = token
  const clear = { value: value.reveal(), type, expiresAt, issuedAt, refreshToken: refreshToken?.reveal(), scope }
  return JSON.stringify(clear)
}

/** What {@link encodeToken} wrote; `undefined` when it is no token. */
export function decodeToken(text: string): Token | undefined {
  try {
    return makeToken(JSON.parse(text) as TokenFields)
  } catch {
    // Not kept as a cause: a syntax error quotes the text, and the text holds secrets.
    return undefined
  }
}

/** Whether both are the same access token. */
export function sameToken(one: Token | undefined, other: Token | undefined): boolean {
  return one !== undefined && other !== undefined && one.value.reveal() === other.value.reveal()
}
