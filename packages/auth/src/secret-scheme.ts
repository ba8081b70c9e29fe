import type { HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import type { SecretInput } from '@fetchstack/secret'
import { AuthError } from './errors.ts'
import type { AuthScheme } from './scheme.ts'
import { untilAborted } from './until-aborted.ts'

/** A scheme that needs to know no more than the request. */
export interface SecretScheme extends AuthScheme {
  readonly authorize: (request: HttpRequest) => HttpRequest | Promise<HttpRequest>
}

/**
 * A scheme that writes one secret into one place. A secret that is known is encoded here and now, once.
 *
 * @param option - What the factory calls the secret.
 * @param needs - What it must be: the rest of "must be...".
 * @param encode - What is sent; `undefined` when the secret can't be.
 * @param writes - Default: the header `authorization`.
 * @throws {OptionError} A secret that is known can't be sent.
 */
// @__NO_SIDE_EFFECTS__
export function secretScheme(
  name: string,
  option: string,
  secret: SecretInput,
  needs: string,
  encode: (secret: string) => string | undefined,
  writes: AuthScheme['writes'] = { headers: ['authorization'] },
  write = (request: HttpRequest, value: string): HttpRequest => request.withHeader('authorization', value),
): SecretScheme {
  const read = (given: unknown, fail: (problem: string) => Error): string => {
    // By its shape: a `Secret` of another copy of this package is one too.
    const text = (given as { reveal?(): unknown } | null | undefined)?.reveal?.() ?? given
    const encoded = typeof text === 'string' ? encode(text) : undefined
    // Nothing of the value may get into a message, so its type is all that is told.
    if (encoded === undefined) throw fail(`${option} must be ${needs}; this ${typeof text} is not.`)
    return encoded
  }
  if (typeof secret !== 'function') {
    const known = read(secret, (problem) => new OptionError(name, option, problem))
    return { name, writes, authorize: (request) => write(request, known) }
  }
  return {
    name,
    writes,
    authorize(request) {
      const { signal } = request
      const finish = (given: unknown): HttpRequest =>
        write(
          request,
          read(given, (problem) => new AuthError('SECRET', name, request, problem)),
        )
      const fail = (cause: unknown): never => {
        signal?.throwIfAborted()
        throw new AuthError('PROVIDER', name, request, `the function that gives the ${option} failed.`, { cause })
      }
      let given: unknown
      try {
        given = secret({ reason: 'initial', signal })
      } catch (cause) {
        fail(cause)
      }
      return isPromise(given) ? untilAborted(given, signal).then(finish, fail) : finish(given)
    },
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return 'then' in Object(value)
}
