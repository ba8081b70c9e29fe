import type { AuthScheme } from '@fetchstack/auth'
import { AuthError } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { checkFunction, checkOneOf, checkOptions, refuse } from '@fetchstack/options'
import { type AwsCredentials, type AwsCredentialsProvider, credentialsReader } from './credentials.ts'
import { aws4fetchEngine, type SigV4Engine } from './engine.ts'
import { signable, withPayloadHash } from './payload.ts'

/** Options of `sigv4`. */
export interface SigV4Options {
  /** The credentials, or a function that gives them for each request: an AWS SDK's provider, for example. */
  readonly credentials: AwsCredentials | AwsCredentialsProvider
  /** `us-east-1`, or `auto` for Cloudflare R2. Never guessed from the host. */
  readonly region: string
  /** The signing name: `s3`, `execute-api`, `dynamodb`, `lambda`, `es`... `s3` has rules of its own for paths. Never guessed. */
  readonly service: string
  /**
   * Whether the body is part of the signature.
   * - `signed`: its hash is. A stream, or the body of a `Request`, is read into memory for that, up to `bodyLimit` of `auth`.
   * - `unsigned`: it is not, and is sent as it comes. For S3 over https: most other services refuse it.
   *
   * Where the request has the header `x-amz-content-sha256`, that is signed as it stands, and the body is not read.
   * Default `'signed'`.
   */
  readonly payload?: 'signed' | 'unsigned'
  /** What computes the signature. Default `aws4fetchEngine()`. */
  readonly engine?: SigV4Engine
}

const writes = ['authorization', 'x-amz-date', 'x-amz-security-token'] as const

// What the AWS SDKs take for a sign that the clock may be wrong (@smithy/service-error-classification).
const skewed =
  /^(?:AuthFailure|InvalidSignatureException|RequestExpired|RequestInTheFuture|RequestTimeTooSkewed|SignatureDoesNotMatch)\b/

/**
 * AWS Signature Version 4 in the `Authorization` header, for `auth(scheme, { origins })`. Made anew for every request on the wire.
 *
 * A 400 or 403 whose `Date` is more than 30 s away from our time, and whose `x-amzn-errortype` (if it has one) may come from a wrong
 * clock, is answered once with a signature by the server's time. When the request is aborted, nobody waits for the credentials any
 * more.
 *
 * @throws {OptionError} When it is made: the region or the service is missing, static credentials can't be used, an unknown option.
 * @throws {AuthError} As a rejection of the call. `PROVIDER`: the function that gives the credentials failed, or the engine.
 * `SECRET`: it gave none that can be used. `BODY`: the body can't be read, see `payload`.
 * @see AWS, "Create a signed AWS API request"
 * @example
 * ```ts
 * import { auth } from '@fetchstack/auth'
 * import { sigv4 } from '@fetchstack/auth-sigv4'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }
 * const scheme = sigv4({ credentials, region: 'us-east-1', service: 's3' })
 * const s3 = HandlerStack.create()
 *   .push(auth(scheme, { origins: 'https://examplebucket.s3.amazonaws.com' }))
 *   .toFetch()
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function sigv4(options: SigV4Options): AuthScheme {
  checkOptions('sigv4', options ?? {}, ['credentials', 'region', 'service', 'payload', 'engine'])
  const { credentials, region, service, payload = 'signed', engine = aws4fetchEngine() } = options ?? {}
  checkName('region', region, 'us-east-1')
  checkName('service', service, 's3')
  checkOneOf('sigv4', 'payload', payload, ['signed', 'unsigned'])
  checkFunction('sigv4', 'engine', engine)
  const read = credentialsReader(credentials)

  const sign = async (request: HttpRequest, original: HttpRequest, time: number): Promise<HttpRequest> => {
    const plain = await read(original)
    const { method, url } = request
    let signed: Readonly<Record<string, string | undefined>>
    try {
      signed = await engine({ ...plain, method, url, headers: signable(request), region, service, time })
      checkSigned(signed)
    } catch (cause) {
      throw new AuthError('PROVIDER', 'sigv4', original, 'the engine failed.', { cause })
    }
    return writes.reduce((request, name) => {
      const value = signed[name]
      return value === undefined ? request : request.withHeader(name, value)
    }, request)
  }

  return {
    name: 'sigv4',
    writes: { headers: writes },
    binds: payload === 'signed' ? ['method', 'url', 'body', 'time'] : ['method', 'url', 'time'],
    async *flow(original, context) {
      const request = await withPayloadHash(bare(original), context, payload)
      const response = yield await sign(request, original, context.time.now())
      const type = response.headers.get('x-amzn-errortype')
      if (response.status !== 400 && response.status !== 403) return
      if ((type !== null && !skewed.test(type)) || !context.time.correct(response)) return
      context.record('signed-again')
      yield await sign(request, original, context.time.now())
    },
  }
}

/** Here: `fetch` shows in its error what it can't send. */
function checkSigned(signed: unknown): void {
  for (const name of writes) {
    const value = (Object(signed) as Record<string, unknown>)[name]
    if (value === undefined && name === 'x-amz-security-token') continue
    if (typeof value !== 'string' || !/^[ -~]+$/.test(value)) throw new TypeError(`The engine gave no usable ${name}.`)
  }
}

/** Without what was signed before: with `existing: 'replace'` there may be a date and a token of somebody else. */
function bare(request: HttpRequest): HttpRequest {
  return writes.reduce((request, name) => request.withoutHeader(name), request)
}

function checkName(option: string, value: unknown, like: string): void {
  if (typeof value !== 'string' || !/^[\w.-]+$/.test(value)) {
    refuse('sigv4', option, value, `a name like "${like}"`)
  }
}
