import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CaseResult } from '../contract.ts'
import type { Job } from '../job.ts'
import { openStage, type Stage } from './stage.ts'
import type { Trust } from './trust.ts'

/** Hands out cases and takes results; what a process that runs cases talks to. */
export interface Queue {
  /** The next case, or `undefined` when there is none left. */
  next(): Promise<Job | undefined>
  done(result: CaseResult): Promise<void>
}

/** Servers that are open, and where they are controlled. */
export interface ControlledStage extends Stage {
  readonly control: string
}

/** The server in the driver through which a runtime asks for cases, looks at its servers and sends results. */
export interface Control {
  openStage(): Promise<ControlledStage>
  /** Gives the address of a queue. `stop` forgets it. */
  serve(queue: Queue): { readonly url: string; stop(): void }
  close(): Promise<void>
}

type Endpoint = (action: string, input: unknown) => Promise<unknown>

/** Starts the control server on a port of its own, so that its connections are in nobody's counts. */
export async function startControl(trust: Trust): Promise<Control> {
  const endpoints = new Map<string, Endpoint>()
  let ids = 0
  const server = createServer((request, response) => void answer(request, response, endpoints))
  // A client that keeps a connection must not find it closed.
  Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const add = (kind: string, endpoint: Endpoint) => {
    const path = `/${kind}/${++ids}`
    endpoints.set(path, endpoint)
    return { url: `${url}${path}`, stop: () => void endpoints.delete(path) }
  }

  return {
    openStage: async () => {
      const stage = await openStage(trust)
      const { url: control, stop } = add('stage', (action, input) => act(stage, action, input))
      return {
        ...stage,
        control,
        close: async () => {
          stop()
          await stage.close()
        },
      }
    },
    serve: (queue) =>
      add('queue', async (action, input) => {
        if (action === 'next') return (await queue.next()) ?? null
        if (action === 'done') return queue.done(input as CaseResult)
        throw new Error(`A queue has no "${action}".`)
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function act(stage: Stage, action: string, input: unknown): Promise<unknown> {
  const { condition, timeout, how } = input as {
    condition: Parameters<Stage['until']>[0]
    timeout?: number
    how?: 'closed' | 'reset'
  }
  switch (action) {
    case 'look':
      return stage.look()
    case 'until':
      return stage.until(condition, timeout)
    case 'reset':
      return stage.reset()
    case 'refuse':
      return stage.refuse(how)
    case 'streams':
      return stage.streams
    case 'accept':
      return stage.accept()
    default:
      throw new Error(`The servers have no "${action}".`)
  }
}

/** Always a 200 with `{ value }` or `{ error }`: a status could be taken for a failure of the transport. */
async function answer(request: IncomingMessage, response: ServerResponse, endpoints: Map<string, Endpoint>) {
  const [, path = '', action = ''] = /^(\/[^/]+\/[^/]+)\/([^/]+)$/.exec(request.url ?? '') ?? []
  let reply: { value?: unknown; error?: string }
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const endpoint = endpoints.get(path)
    if (endpoint === undefined) throw new Error(`${request.url}: the case is over.`)
    reply = { value: await endpoint(action, JSON.parse(Buffer.concat(chunks).toString() || '{}')) }
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) }
  }
  // The body of a request is sent as text/plain, so that a page needs no preflight.
  response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
  response.end(JSON.stringify(reply))
}
