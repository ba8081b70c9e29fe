import { type AnyStack, fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
import { checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import { timeout as timeoutLayer } from '@fetchstack/timeout'
import type { Options as KyOptions } from 'ky'
import { fetchWithConnectTimeout } from './connect-timeout.ts'
import { stackKy } from './stack-ky.ts'
import type { StackKy } from './types.ts'

/** What Guzzle's `new Client([...])` takes, in fetch's words. Times in milliseconds. */
export interface ClientOptions<Options extends object = Record<never, never>> {
  /** What relative URLs are resolved against (RFC 3986). End a path with `/` to keep it. Default: none. */
  readonly baseUrl?: string | URL
  /** Bound of a whole call: all attempts, waits and the body. `false` for none. Default 30,000. */
  readonly timeout?: number | false
  /** Bound of the connecting alone (TCP and TLS). Node only; needs undici. Default: the runtime's own. */
  readonly connectTimeout?: number
  /** Headers that every request gets unless the call sets them. */
  readonly headers?: Readonly<Record<string, string>>
  /** The handler stack. Default: `HandlerStack.create()`, which only sends. */
  readonly handler?: AnyStack<Options>
  /** Any other options of ky's, for example `hooks` or `throwHttpErrors`. */
  readonly ky?: Omit<KyOptions, 'baseUrl' | 'fetch' | 'headers' | 'retry' | 'timeout'>
}

/**
 * A client like Guzzle's: base URL, timeouts, default headers and a handler stack. ky is the client.
 *
 * The `timeout` is a layer outside all others, called `client-timeout`, so one call can change it:
 * `{ fetchstack: { 'client-timeout': 5_000 } }`.
 *
 * @throws {OptionError} An option is unknown or out of range; `connectTimeout` besides a handler that brings its own
 * fetch, on another runtime than Node, or without undici.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { createClient } from '@fetchstack/ky'
 * import { retry } from '@fetchstack/retry'
 *
 * const client = createClient({
 *   baseUrl: 'https://api.example.com/v1/',
 *   timeout: 10_000,
 *   headers: { accept: 'application/json' },
 *   handler: HandlerStack.create().push(retry({ maxAttempts: 4 })),
 * })
 * const videos = await client.get('videos').json()
 * ```
 */
export function createClient<Options extends object = Record<never, never>>(
  options: ClientOptions<Options> = {},
): StackKy<Options & { readonly 'client-timeout'?: number | false }> {
  checkOptions('createClient', options, ['baseUrl', 'timeout', 'connectTimeout', 'headers', 'handler', 'ky'])
  const { baseUrl, timeout = 30_000, connectTimeout, headers, handler, ky } = options
  let stack = (handler ?? HandlerStack.create()) as unknown as HandlerStack<string>
  if (typeof stack?.unshift !== 'function') {
    throw new OptionError('createClient', 'handler', 'handler must be a HandlerStack: HandlerStack.create().push(…).')
  }
  if (connectTimeout !== undefined) {
    if (stack.ownsHandler) {
      throw new OptionError(
        'createClient',
        'connectTimeout',
        'connectTimeout needs a fetch of its own, and the handler brings one: set the time there.',
      )
    }
    stack = stack.withHandler(fetchHandler(fetchWithConnectTimeout(connectTimeout)))
  }
  if (timeout !== false) {
    checkNumber('createClient', 'timeout', timeout, { min: 1, max: Infinity, unit: 'milliseconds (false: none)' })
    stack = stack.unshift(timeoutLayer(timeout), 'client-timeout')
  }
  return stackKy(stack, {
    ...ky,
    ...(baseUrl !== undefined && { baseUrl: checkedBase(baseUrl) }),
    // ky would join `Accept` and a call's `accept`; in `Headers` they are one.
    ...(headers !== undefined && { headers: checkedHeaders(headers) }),
  }) as StackKy<Options & { readonly 'client-timeout'?: number | false }>
}

function checkedBase(baseUrl: string | URL): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url.href
  throw new OptionError(
    'createClient',
    'baseUrl',
    'baseUrl must be an absolute http or https URL without user name and password, for example "https://api.example.com/v1/".',
  )
}

function checkedHeaders(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers)
  } catch {
    // Without the cause: it quotes the value, which may be a credential.
    throw new OptionError(
      'createClient',
      'headers',
      'headers must be an object of header names and values that HTTP allows.',
    )
  }
}
