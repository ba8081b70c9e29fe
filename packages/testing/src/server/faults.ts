import { checkNumber, checkOneOf, checkOptions, OptionError } from '@fetchstack/options'
import {
  type DripFault,
  type Ending,
  FAULT_KINDS,
  type Fault,
  type FaultHeaders,
  isFault,
  type PartialFault,
  type RawFault,
  type SilentFault,
  type StatusFault,
  toBytes,
} from './fault.ts'

/** What a scripted answer can carry: text, bytes, or any other object, which is sent as JSON. */
export type FaultBody = string | Uint8Array | object

/** The answer that a broken body belongs to. */
export interface BodyOptions {
  /** Default 200. */
  readonly status?: number
  /** Default: `content-length` for the whole body. Give `{ 'transfer-encoding': 'chunked' }` for none. */
  readonly headers?: FaultHeaders
  /** Default: 64 bytes of text. */
  readonly body?: FaultBody
}

/** Options of the faults that stop in the middle of a body. */
export interface PartialOptions extends BodyOptions {
  /** How many bytes of the body are sent before it stops. Default: half of it. 0 sends the headers only. */
  readonly sent?: number
}

/** Options of `faults.drip`. */
export interface DripOptions extends BodyOptions {
  /** Bytes per piece. Default 1. */
  readonly bytes?: number
  /** Milliseconds between two pieces. Default 10. */
  readonly interval?: number
}

/** Makes the faults that `faultyServer` can play. */
export interface Faults {
  /**
   * An answer with this status. Without a body, the status in words is sent.
   *
   * @throws {OptionError} The status is not a whole number from 200 to 999, a header is not valid, or a 204 or 304 was given a body.
   */
  readonly status: (status: number, headers?: FaultHeaders, body?: FaultBody) => StatusFault
  /** A 200. Objects are sent as JSON. */
  readonly ok: (body?: FaultBody, headers?: FaultHeaders) => StatusFault
  /** A redirect to `location`. Default status: 302. */
  readonly redirect: (location: string, status?: number) => StatusFault
  /** A 200 with a header of `bytes` bytes, at most 16 MiB; default 65,536, four times of what undici takes (`UND_ERR_HEADERS_OVERFLOW`). */
  readonly hugeHeaders: (bytes?: number) => StatusFault
  /** The connection is reset (RST) before a byte of the answer. */
  readonly reset: () => SilentFault
  /** The connection is closed (FIN) before a byte of the answer. */
  readonly close: () => SilentFault
  /** No answer, ever: the connection stays open until one side gives up. */
  readonly stall: () => SilentFault
  /** The connection is reset (RST) in the middle of the body. */
  readonly resetBody: (options?: PartialOptions) => PartialFault
  /** The body stops in the middle, and the connection stays open. */
  readonly stallBody: (options?: PartialOptions) => PartialFault
  /** The connection is closed (FIN) before the announced length has been sent. */
  readonly truncate: (options?: PartialOptions) => PartialFault
  /** A whole body, but slowly. */
  readonly drip: (options?: DripOptions) => DripFault
  /** An answer that is not HTTP. */
  readonly garbage: () => RawFault
  /** These very bytes, and then `ending`. Default: `close`. */
  readonly raw: (data: string | Uint8Array, ending?: Ending) => RawFault
  /** The same fault, `delay` milliseconds later. */
  readonly delayed: <F extends Fault>(delay: number, fault: F) => F
  /** The same fault, without waiting for the request's body. */
  readonly early: <F extends Fault>(fault: F) => F
}

/**
 * The faults that `faultyServer` can play.
 *
 * @example
 * ```ts
 * import { faults, faultyServer } from '@fetchstack/testing'
 *
 * const server = await faultyServer()
 * server.route('GET /videos', [faults.status(429, { 'retry-after': '1' }), faults.reset(), faults.ok({ videos: [] })])
 * await server.close()
 * ```
 */
export const faults: Faults = {
  status: (status, headers = {}, body) => {
    checkNumber('faults.status', 'status', status, { min: 200, max: 999, integer: true })
    if (body !== undefined && (status === 204 || status === 304)) {
      throw new OptionError('faults.status', 'body', `body: an answer with status ${status} has none. Leave it out.`)
    }
    return { kind: 'status', status, ...content('faults.status', headers, body) }
  },
  ok: (body, headers) => faults.status(200, headers, body),
  redirect: (location, status = 302) => {
    checkOneOf('faults.redirect', 'status', status, [301, 302, 303, 307, 308])
    return faults.status(status, { location })
  },
  hugeHeaders: (bytes = 65_536) => {
    // A request can ask for it: without an end it would fill the memory of the server.
    checkNumber('faults.hugeHeaders', 'bytes', bytes, { max: 16_777_216, integer: true, unit: 'bytes' })
    return faults.status(200, { 'x-huge': 'x'.repeat(bytes) })
  },
  reset: () => ({ kind: 'reset' }),
  close: () => ({ kind: 'close' }),
  stall: () => ({ kind: 'stall' }),
  resetBody: (options) => partial('faults.resetBody', 'reset', options),
  stallBody: (options) => partial('faults.stallBody', 'stall', options),
  truncate: (options) => partial('faults.truncate', 'close', options),
  drip: (options = {}) => {
    const owner = 'faults.drip'
    checkOptions(owner, options, ['status', 'headers', 'body', 'bytes', 'interval'])
    const { bytes = 1, interval = 10 } = options
    checkNumber(owner, 'bytes', bytes, { min: 1, integer: true, unit: 'bytes' })
    checkNumber(owner, 'interval', interval, { max: 2 ** 31 - 1, unit: 'milliseconds' })
    return { kind: 'drip', ...answer(owner, options), bytes, interval }
  },
  garbage: () => ({ kind: 'raw', data: 'this is not HTTP\r\n\r\n', ending: 'close' }),
  raw: (data, ending = 'close') => {
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
      throw new OptionError('faults.raw', 'data', 'data must be a string or a Uint8Array.')
    }
    checkOneOf('faults.raw', 'ending', ending, ['close', 'reset', 'stall'])
    return { kind: 'raw', data, ending }
  },
  delayed: (delay, fault) => {
    checkNumber('faults.delayed', 'delay', delay, { max: 2 ** 31 - 1, unit: 'milliseconds' })
    return { ...checkFault('faults.delayed', fault), delay }
  },
  early: (fault) => ({ ...checkFault('faults.early', fault), early: true }),
}

/** Throws unless `value` is a fault. */
export function checkFault<F extends Fault>(owner: string, value: F): F {
  if (isFault(value)) return value
  const kinds = FAULT_KINDS.join(', ')
  throw new OptionError(owner, 'fault', `not a fault: make one with faults.status(503), faults.reset()... (${kinds}).`)
}

const DEFAULT_BODY = 'This body is sixty-four bytes long, so that its half is too ....'

function partial(owner: string, ending: Ending, options: PartialOptions = {}): PartialFault {
  checkOptions(owner, options, ['status', 'headers', 'body', 'sent'])
  const whole = answer(owner, options)
  const { length } = toBytes(whole.body)
  const { sent = Math.floor(length / 2) } = options
  // A close after the last byte would be no truncation at all.
  checkNumber(owner, 'sent', sent, { max: ending === 'close' ? length - 1 : length, integer: true, unit: 'bytes' })
  return { kind: 'partial', ...whole, sent, ending }
}

function answer(owner: string, { status = 200, headers = {}, body = DEFAULT_BODY }: BodyOptions) {
  checkNumber(owner, 'status', status, { min: 200, max: 999, integer: true })
  return { status, ...content(owner, headers, body) }
}

function content<B extends FaultBody | undefined>(owner: string, headers: FaultHeaders, body: B) {
  checkHeaders(owner, headers)
  const isText = typeof body === 'string'
  const isJson = typeof body === 'object' && !(body instanceof Uint8Array)
  const type = isJson ? 'application/json' : isText ? 'text/plain; charset=utf-8' : 'application/octet-stream'
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return {
    headers: body === undefined || typed ? headers : { ...headers, 'content-type': type },
    body: (isJson ? JSON.stringify(body) : body) as B extends undefined ? undefined : string | Uint8Array,
  }
}

function checkHeaders(owner: string, headers: unknown): asserts headers is FaultHeaders {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers) || headers instanceof Headers) {
    throw new OptionError(owner, 'headers', "headers must be a plain object, like { 'retry-after': '1' }.")
  }
  const scratch = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    const values = (Array.isArray(value) ? value : [value]) as readonly string[]
    try {
      for (const one of values) scratch.append(name, one)
    } catch (cause) {
      throw new OptionError(owner, 'headers', `headers: "${name}" is not valid: ${(cause as Error).message}`)
    }
  }
}
