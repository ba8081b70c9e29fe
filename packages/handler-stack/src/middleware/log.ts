import { checkFunction, checkOptions } from '@fetchstack/options'
import type { Call } from '../call.ts'
import { systemClock } from '../clock.ts'
import type { Clock } from '../contract.ts'
import { type DescribedMiddleware, defineMiddleware } from '../describe.ts'
import { toRecord } from '../headers.ts'
import type { HttpRequest } from '../http-request.ts'
import { attempt } from './attempt.ts'
import { describeReason } from './describe-reason.ts'
import { type Logger, levels, write } from './logger.ts'

const SAFE_HEADERS = ['accept', 'content-length', 'content-type']

/** Options of {@link log}. */
export interface LogOptions {
  readonly logger: Logger
  /**
   * Names of request headers whose values may be written, in any case. Of all others only the name is, and of those that a layer
   * outside of this one wrote a credential into (`Call.declareCredentials`), whatever stands here.
   * Default: `accept`, `content-length`, `content-type`.
   */
  readonly safeHeaders?: readonly string[]
  /** Measures the time. Default: `systemClock`. */
  readonly clock?: Pick<Clock, 'now'>
}

/**
 * Writes what passes, one line each: the start of a request with its headers at `debug`; its end with status, time and what
 * the layers recorded at `info`, at `warn` from status 400 on, and at `error` for a rejection, which goes on unchanged.
 *
 * No credentials: URLs without user name and query values, headers by name. A logger that throws does not disturb the call.
 * Outside of a retry it writes once a call, inside once an attempt. The time ends with the headers of the response.
 *
 * @param options - A logger, for example `console`, or the options.
 * @throws {OptionError} An option is unknown, or the logger has not all four levels.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { log } from '@fetchstack/handler-stack/middleware'
 *
 * const api = HandlerStack.create().push(log(console)).toFetch()
 * await api('https://api.example.com/videos?key=s3cret')
 * // [GET] https://api.example.com/videos?key=… 200 OK in 85 ms
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function log(options: Logger | LogOptions): DescribedMiddleware<'log'> {
  const { logger, clock = systemClock, safeHeaders = SAFE_HEADERS } = readOptions(options)
  for (const level of levels) checkFunction('log', `logger.${level}`, logger[level])
  const safe = new Set(safeHeaders.map((name) => name.toLowerCase()))
  return defineMiddleware(
    { name: 'log' },
    (next) =>
      function log(request, call) {
        const start = clock.now()
        write(logger, 'debug', () => `${request.toString()}${headersOf(request, call, safe)}`)
        return attempt(next, request, call).then(
          (response) => {
            const level = response.status < 400 ? 'info' : 'warn'
            write(
              logger,
              level,
              () => `${request.toString()} ${statusOf(response)} in ${clock.now() - start} ms${trailOf(call)}`,
            )
            return response
          },
          (reason: unknown) => {
            const failure = (): string => `failed in ${clock.now() - start} ms: ${describeReason(reason)}`
            write(logger, 'error', () => `${request.toString()} ${failure()}${trailOf(call)}`)
            throw reason
          },
        )
      },
  )
}

function readOptions(options: Logger | LogOptions): LogOptions {
  if (typeof (options as Logger | undefined)?.info === 'function') return { logger: options as Logger }
  checkOptions('log', options ?? null, ['logger', 'safeHeaders', 'clock'])
  const { logger } = options as LogOptions
  return { ...(options as LogOptions), logger: logger ?? {} }
}

function headersOf({ headers }: HttpRequest, { credentials }: Call, safe: ReadonlySet<string>): string {
  // Whoever writes a credential knows better than whoever made the list.
  const secret = credentials.flatMap(({ headers = [] }) => headers.map((name) => name.toLowerCase()))
  const listed = Object.entries(toRecord(headers)).map(([name, value]) => {
    const key = name.toLowerCase()
    return safe.has(key) && !secret.includes(key) ? `${name}: ${value}` : name
  })
  return listed.length === 0 ? '' : ` (${listed.join(', ')})`
}

function statusOf({ status, statusText }: Response): string {
  return `${status} ${statusText}`.trimEnd()
}

function trailOf({ trail }: Call): string {
  const steps = trail.map(({ layer, event, attempt }) => `${layer}: ${event} (attempt ${attempt})`)
  return steps.length === 0 ? '' : `; ${steps.join(', ')}`
}
