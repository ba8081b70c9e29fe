import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type FetchFunction, fetchHandler, HandlerStack, type Middleware } from '../src/index.ts'

/** What a handler got, letter by letter: each layer adds its own to the `trace` header. */
export function adds(letter: string): Middleware {
  return (next) => (request, call) => next(request.withHeader('trace', (request.header('trace') ?? '') + letter), call)
}

/** A stack whose handler says hello to the trace, as the handler of Guzzle's own tests does. */
export function greeting(): HandlerStack {
  return HandlerStack.create((request) => Promise.resolve(new Response(`Hello - test${request.header('trace') ?? ''}`)))
}

export async function greet(stack: { toFetch(): (input: string) => Promise<Response> }): Promise<string> {
  const response = await stack.toFetch()('https://api.example.com/')
  return response.text()
}

export interface Recorded {
  readonly input: Parameters<FetchFunction>[0]
  readonly init: (RequestInit & Record<string, unknown>) | undefined
}

/** A fetch that keeps what it got, and a stack that ends in it. */
export function recording(answer: () => Response = () => new Response('ok')): {
  readonly calls: Recorded[]
  readonly fetch: FetchFunction
  readonly stack: HandlerStack
} {
  const calls: Recorded[] = []
  const fetch: FetchFunction = (input, init) => {
    calls.push({ input, init: init as Recorded['init'] })
    return Promise.resolve(answer())
  }
  return { calls, fetch, stack: HandlerStack.create(fetchHandler(fetch)) }
}

export interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A real server on loopback that keeps what it got. */
export async function echoServer(
  respond: RequestListener = (_, response) => void response.end('ok'),
): Promise<{ readonly url: string; readonly received: Received[] } & AsyncDisposable> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method, url, headers } = request
      received.push({ method, url, headers, body: body.toString('utf8') })
      respond(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What `run` throws. */
export function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
