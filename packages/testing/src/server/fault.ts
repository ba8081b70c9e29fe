/** Headers to send. A list sends the header once per value (`set-cookie`). */
export type FaultHeaders = Readonly<Record<string, string | readonly string[]>>

/** How a connection ends: `close` is an orderly end (FIN), `reset` an abrupt one (RST), `stall` leaves it open and silent. */
export type Ending = 'close' | 'reset' | 'stall'

/** What every fault can have besides its own fields. */
export interface FaultTiming {
  /** Milliseconds to wait before the server does anything. Default 0. */
  readonly delay?: number
  /** `true`: act as soon as the request's headers are in. Default: wait until its body has arrived whole. */
  readonly early?: boolean
}

/** A whole, well-formed answer. */
export interface StatusFault extends FaultTiming {
  readonly kind: 'status'
  readonly status: number
  readonly headers: FaultHeaders
  /** Default: the status in words. */
  readonly body: string | Uint8Array | undefined
}

/** The connection ends, or goes silent, before a byte of the answer. */
export interface SilentFault extends FaultTiming {
  readonly kind: Ending
}

/** The head of an answer and the first bytes of its body; then the connection ends, or goes silent. */
export interface PartialFault extends FaultTiming {
  readonly kind: 'partial'
  readonly status: number
  readonly headers: FaultHeaders
  readonly body: string | Uint8Array
  /** How many bytes of the body are sent. */
  readonly sent: number
  readonly ending: Ending
}

/** A whole answer whose body comes in small pieces. */
export interface DripFault extends FaultTiming {
  readonly kind: 'drip'
  readonly status: number
  readonly headers: FaultHeaders
  readonly body: string | Uint8Array
  /** Bytes per piece. */
  readonly bytes: number
  /** Milliseconds between two pieces. */
  readonly interval: number
}

/** Bytes put on the wire as they are, HTTP or not. */
export interface RawFault extends FaultTiming {
  readonly kind: 'raw'
  readonly data: string | Uint8Array
  readonly ending: Ending
}

/** One thing that a server can do to a request. Plain data, made by `faults`. */
export type Fault = StatusFault | SilentFault | PartialFault | DripFault | RawFault

export const FAULT_KINDS: readonly Fault['kind'][] = [
  'status',
  'close',
  'reset',
  'stall',
  'partial',
  'drip',
  'raw',
] as const

/** Whether `value` looks like something that `faults` makes. */
export function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'kind' in value && FAULT_KINDS.includes(value.kind as 'status')
}

/** The bytes that a body has on the wire. */
export function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data
}
