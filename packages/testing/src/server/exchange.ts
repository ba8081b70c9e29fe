import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { play } from './play.ts'
import { type ReceivedRequest, recordRequest } from './record.ts'
import { type Router, type ScriptHeaders, type Selection, toFault } from './router.ts'
import type { Wire } from './sockets.ts'

/** What an exchange needs of its server. */
export interface ExchangeContext {
  readonly router: Router
  readonly keepBody: number
  /** The number of the request. */
  readonly number: number
  readonly wire: Wire
}

/**
 * Records a request and does to it what its step says. Returns at once.
 * What the server has to say itself (no route, a script that can't be read, a step that throws) it says in an answer with
 * the header `x-faulty-server`, so that no scripted answer can be taken for it.
 */
export function serveExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { router, keepBody, number, wire }: ExchangeContext,
  changed: () => void,
): ReceivedRequest {
  const selected = select(request, router)
  const { route, attempt, step } = 'step' in selected ? selected : { route: undefined, attempt: 0, step: selected }
  const { record, receive, note } = recordRequest(request, { number, attempt, route, socket: wire.id, keepBody })

  const done = () => {
    wire.ended = true
  }
  const begin = (fault: Fault) => {
    note({ fault })
    changed()
    play(fault, { response, socket: request.socket, wire: wire.socket, done, failed })
  }
  const failed = (error: unknown) => {
    if (response.headersSent) wire.socket.destroy()
    else begin(problem(500, 'step-failed', `A step of "${route}" failed: ${String(error)}\n`))
  }
  const respond = async () => {
    try {
      begin(typeof step === 'function' ? toFault('faultyServer', await step(record)) : step)
    } catch (error) {
      failed(error)
    }
  }

  request.on('data', (chunk: Uint8Array) => {
    receive(chunk)
    changed()
  })
  request.on('error', () => {})
  response.on('error', () => {})
  request.once('end', () => {
    note({ complete: true })
    changed()
    if (typeof step === 'function' || !step.early) void respond()
  })
  response.once('close', () => {
    if (!response.writableFinished && !wire.ended) note({ aborted: true })
  })
  if (typeof step !== 'function' && step.early) begin(step)
  return record
}

/** The step for a request, or what to do when there is none. */
function select(request: IncomingMessage, router: Router): Selection | Fault {
  const { method = 'GET', url = '/', headers } = request
  try {
    const selection = router.select(method, url, headers as ScriptHeaders)
    if (selection !== undefined) return selection
  } catch (error) {
    return problem(400, 'bad-script', `${(error as Error).message}\n`)
  }
  const patterns = router.patterns().map((pattern) => `  ${pattern}\n`)
  const text = patterns.join('') || '  none: add one with server.route()\n'
  return problem(404, 'no-route', `No route for ${method} ${url}. There are:\n${text}`)
}

function problem(status: number, name: string, text: string): Fault {
  return faults.status(status, { 'x-faulty-server': name }, text)
}
