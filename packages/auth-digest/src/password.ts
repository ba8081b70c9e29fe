import { AuthError } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import type { SecretInput } from '@fetchstack/secret'

/**
 * What gives the password for a request. One that is known is checked here and now.
 *
 * @throws {OptionError} A password that is known can't be used.
 */
export function passwordReader(password: SecretInput): (request: HttpRequest) => Promise<string> {
  const read = (given: unknown, fail: (problem: string) => Error): string => {
    // By its shape: a `Secret` of another copy of the package is one too.
    const text = (given as { reveal?(): unknown } | null | undefined)?.reveal?.() ?? given
    if (typeof text === 'string' && !/\p{Cc}/u.test(text)) return text
    // Nothing of the value may get into a message, so its type is all that is told.
    throw fail(`password must be a string without control characters; this ${typeof text} is not.`)
  }
  if (typeof password !== 'function') {
    read(password, (problem) => new OptionError('digest', 'password', problem))
    return async () => (typeof password === 'string' ? password : password.reveal())
  }
  return async (request) => {
    let given: unknown
    try {
      given = await password({ reason: 'initial', signal: request.signal })
    } catch (cause) {
      throw new AuthError('PROVIDER', 'digest', request, 'the function that gives the password failed.', { cause })
    }
    return read(given, (problem) => new AuthError('SECRET', 'digest', request, problem))
  }
}
