import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type DripFault, type Ending, type Fault, type FaultHeaders, type PartialFault, toBytes } from './fault.ts'

/** One request and what it can be answered through. */
export interface Exchange {
  readonly response: ServerResponse
  /** What the response is written to. */
  readonly socket: Socket
  /** The TCP connection, also under TLS: only this one can be reset. */
  readonly wire: Socket
  /** Tells that the server ended it: what follows is no abort of the client's. */
  readonly done: () => void
  /** Takes what could not be played: a fault that was not made by `faults` can hold anything. */
  readonly failed: (error: unknown) => void
}

/** Does to an exchange what the fault says. Returns at once; nothing is left behind when the connection closes. */
export function play(fault: Fault, exchange: Exchange): void {
  const { delay } = fault
  if (delay === undefined || delay === 0) return act(fault, exchange)
  const timer = setTimeout(act, delay, fault, exchange)
  exchange.response.once('close', () => clearTimeout(timer))
}

function act(fault: Fault, exchange: Exchange): void {
  // Gone while it was delayed, or while its body arrived.
  if (exchange.socket.destroyed) return
  try {
    actOn(fault, exchange)
  } catch (error) {
    exchange.failed(error)
  }
}

function actOn(fault: Fault, exchange: Exchange): void {
  const { response, socket } = exchange
  switch (fault.kind) {
    case 'status': {
      const { status, headers } = fault
      const bytes = toBytes(fault.body ?? inWords(status))
      response.writeHead(status, withLength(headers, BODILESS.has(status) ? undefined : bytes.length)).end(bytes)
      return
    }
    case 'partial':
      return playPartial(fault, exchange)
    case 'drip':
      return drip(fault, exchange)
    case 'raw':
      socket.write(fault.data, () => finish(fault.ending, exchange))
      return
    case 'close':
    case 'reset':
    case 'stall':
      return finish(fault.kind, exchange)
  }
}

/** RFC 9110 §8.6: no Content-Length in a 204; in a 304 it would be that of another answer. */
const BODILESS: { has(status: number): boolean } = /* @__PURE__ */ new Set([204, 304])

function inWords(status: number): string {
  return BODILESS.has(status) || status === 205 ? '' : `${status} ${STATUS_CODES[status] ?? 'Unknown'}\n`
}

function playPartial({ status, headers, body, sent, ending }: PartialFault, exchange: Exchange): void {
  const { response, socket } = exchange
  const bytes = toBytes(body)
  response.writeHead(status, withLength(headers, bytes.length)).flushHeaders()
  if (sent > 0) response.write(bytes.subarray(0, sent))
  // An empty write calls back when all before it has been handed to the system; the extra turn lets a peer in the same
  // process read it before a reset can throw it away.
  socket.write('', () => setImmediate(finish, ending, exchange))
}

function drip({ status, headers, body, bytes, interval }: DripFault, { response }: Exchange): void {
  const whole = toBytes(body)
  response.writeHead(status, withLength(headers, whole.length)).flushHeaders()
  let offset = 0
  const timer = setInterval(() => {
    response.write(whole.subarray(offset, offset + bytes))
    offset += bytes
    if (offset < whole.length) return
    clearInterval(timer)
    response.end()
  }, interval)
  response.once('close', () => clearInterval(timer))
}

function finish(ending: Ending, { socket, wire, done }: Exchange): void {
  if (ending === 'stall' || wire.destroyed) return
  done()
  if (ending === 'reset') wire.resetAndDestroy()
  else socket.destroy()
}

/** Node takes lists as values but not readonly ones, hence the copies. */
function withLength(headers: FaultHeaders, length: number | undefined): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {}
  let known = length === undefined
  for (const [name, value] of Object.entries(headers)) {
    known ||= /^(?:content-length|transfer-encoding)$/i.test(name)
    result[name] = typeof value === 'string' ? value : [...value]
  }
  if (!known) result['content-length'] = String(length)
  return result
}
