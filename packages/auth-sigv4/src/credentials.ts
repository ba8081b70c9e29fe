import { AuthError } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import type { Secret, SecretContext } from '@fetchstack/secret'

/** What AWS gives out. What else an SDK's provider has in it (`expiration`, `accountId`) is not looked at. */
export interface AwsCredentials {
  /** Visible ASCII without `/` and `,`. It is sent, and no secret. */
  readonly accessKeyId: string
  readonly secretAccessKey: string | Secret
  /** Of temporary credentials. Visible ASCII. */
  readonly sessionToken?: string | Secret | undefined
}

/**
 * Gives the credentials, each time that a request is signed. It may remember; nothing here does.
 * The providers of the AWS SDK (`fromNodeProviderChain()`...) fit, and do remember.
 */
export type AwsCredentialsProvider = (context: SecretContext) => AwsCredentials | Promise<AwsCredentials>

/** As texts. */
export interface PlainCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
}

const keyId = /^[!-+\-.0-~]+$/
const printable = /^[ -~]+$/
const visible = /^[!-~]+$/

/** Checks what is known now; what a provider gives, each time. @throws {OptionError} */
export function credentialsReader(
  given: AwsCredentials | AwsCredentialsProvider,
): (request: HttpRequest) => PlainCredentials | Promise<PlainCredentials> {
  if (typeof given !== 'function') {
    const known = read(given, (problem) => new OptionError('sigv4', 'credentials', problem))
    return () => known
  }
  return async (request) => {
    const { signal } = request
    let credentials: unknown
    try {
      credentials = await given({ reason: 'initial', signal })
    } catch (cause) {
      signal?.throwIfAborted()
      throw new AuthError('PROVIDER', 'sigv4', request, 'the function that gives the credentials failed.', { cause })
    }
    return read(credentials, (problem) => new AuthError('SECRET', 'sigv4', request, problem))
  }
}

/** Nothing of a value may get into a message: somebody may have mixed the two up. */
function read(given: unknown, fail: (problem: string) => Error): PlainCredentials {
  const { accessKeyId, secretAccessKey, sessionToken } = Object(given) as Partial<Record<string, unknown>>
  const text = (name: string, value: unknown, allowed: RegExp, needs: string): string => {
    // By its shape: a `Secret` of another copy of its package is one too.
    const plain = (value as { reveal?(): unknown } | null | undefined)?.reveal?.() ?? value
    if (typeof plain === 'string' && allowed.test(plain)) return plain
    throw fail(`credentials.${name} must be ${needs}; this ${typeof plain} is not.`)
  }
  return {
    accessKeyId: text('accessKeyId', accessKeyId, keyId, 'visible ASCII without "/" and ","'),
    secretAccessKey: text('secretAccessKey', secretAccessKey, printable, 'ASCII without line breaks, not empty'),
    sessionToken:
      sessionToken === undefined ? undefined : text('sessionToken', sessionToken, visible, 'visible ASCII, not empty'),
  }
}
