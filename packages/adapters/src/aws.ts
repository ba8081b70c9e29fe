import type { AnyStack, FetchFunction } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOptions } from '@fetchstack/options'
import { limited } from './aws-limit.ts'
import { bodyOf, headersOf, urlOf } from './aws-request.ts'

/** A request of the AWS SDK (smithy's `HttpRequest`). */
export interface AwsRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly username?: string
  readonly password?: string
  readonly fragment?: string
  readonly body?: unknown
}

/** A response as the AWS SDK reads it (smithy's `HttpResponse`). */
export interface AwsResponse {
  readonly statusCode: number
  readonly reason: string
  readonly headers: Record<string, string>
  /** A web stream, or what the option `body` makes of it; bytes when there is none. */
  readonly body: unknown
}

/** What the AWS SDK gives with each request. */
export interface AwsHandlerOptions {
  readonly abortSignal?: unknown
  readonly requestTimeout?: number | undefined
}

/** Options of `awsRequestHandler`. */
export interface AwsOptions {
  /**
   * How long the headers of the response may take, retries and waits of the stack included. In milliseconds; 0 for no limit, which is
   * the default. The SDK's own `requestTimeout` of a call comes first.
   */
  readonly requestTimeout?: number
  /**
   * What the SDK gets as the body of a response; `Readable.fromWeb` of `node:stream` for code that calls `Body.pipe()`. Default: the
   * web stream as it is, which the SDK reads on every runtime.
   */
  readonly body?: (stream: ReadableStream<Uint8Array>) => unknown
}

/** Fits `requestHandler` of every client of the AWS SDK 3. */
export interface AwsRequestHandler {
  readonly metadata: { readonly handlerProtocol: string }
  handle(request: AwsRequest, options?: AwsHandlerOptions): Promise<{ response: AwsResponse }>
  /** Nothing: the connections belong to the fetch. */
  destroy(): void
  /** Takes `requestTimeout`; all else is the stack's business. */
  updateHttpClientConfig(key: string, value: unknown): void
  httpHandlerConfigs(): object
}

/**
 * Lets a client of the AWS SDK send by a fetch: a stack's, or any other.
 *
 * The SDK signs before this is reached, so layers inside must leave the signed headers and the body as they are. It resends by
 * itself: set `maxAttempts: 1` on the client when the stack has a retry.
 *
 * An abort rejects at once with an `AbortError`, the limit with a `TimeoutError`, as the SDK's own handlers do; the signal's reason is
 * the `cause`. Redirects are given as they are. `expect` and `transfer-encoding` are left out of what is sent: they are the fetch's.
 *
 * @param fetch - A stack, or a fetch.
 * @throws {OptionError} `fetch` is neither, or an option can't be used.
 * @example
 * ```ts
 * import { awsRequestHandler } from '@fetchstack/adapters/aws'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { retry } from '@fetchstack/retry'
 *
 * const requestHandler = awsRequestHandler(HandlerStack.create().push(retry()))
 * export const options = { maxAttempts: 1, requestHandler } // new DynamoDBClient(options)
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function awsRequestHandler(fetch: FetchFunction | AnyStack, options: AwsOptions = {}): AwsRequestHandler {
  checkOptions('awsRequestHandler', options, ['requestTimeout', 'body'])
  const { body: convert = (stream) => stream } = options
  let limit = options.requestTimeout ?? 0
  checkNumber('awsRequestHandler', 'requestTimeout', limit, { unit: 'milliseconds' })
  checkFunction('awsRequestHandler', 'body', convert)
  const send = ((fetch as Partial<AnyStack> | null)?.toFetch?.() ?? fetch) as FetchFunction
  checkFunction('awsRequestHandler', 'fetch', send)

  return {
    metadata: { handlerProtocol: 'fetch' },
    handle(request, { abortSignal, requestTimeout = limit } = {}) {
      return limited(abortSignal, requestTimeout, async (signal) => {
        const response = await send(urlOf(request), {
          method: request.method,
          headers: headersOf(request),
          redirect: 'manual',
          ...bodyOf(request),
          ...(signal && { signal }),
        })
        const { status, statusText, headers, body } = response
        return {
          response: {
            statusCode: status,
            reason: statusText,
            headers: Object.fromEntries(headers),
            body: body ? convert(body) : new Uint8Array(),
          },
        }
      })
    },
    destroy() {},
    updateHttpClientConfig(key, value) {
      if (key === 'requestTimeout') limit = value as number
    },
    httpHandlerConfigs: () => ({ requestTimeout: limit }),
  }
}
