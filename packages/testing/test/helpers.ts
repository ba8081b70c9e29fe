import { Agent, request as httpRequest } from 'node:http'
import { get } from 'node:https'
import { onTestFinished } from 'vitest'
import { type FaultyServer, type FaultyServerOptions, faultyServer } from '../src/index.ts'

/** A server that is closed when the test is over. */
export async function start(options?: FaultyServerOptions): Promise<FaultyServer> {
  const server = await faultyServer(options)
  onTestFinished(() => server.close())
  return server
}

/** How an error looks to whoever classifies it. */
export interface ErrorShape {
  readonly error: string
  readonly cause?: string
  readonly code?: string
  readonly syscall?: string
}

export function shapeOf(error: unknown): ErrorShape {
  const { name, message, cause } = error as Error & { cause?: Error & { code?: string; syscall?: string } }
  return {
    error: `${name}: ${message}`,
    ...(cause && { cause: cause.name }),
    ...(cause?.code !== undefined && { code: cause.code }),
    ...(cause?.syscall !== undefined && { syscall: cause.syscall }),
  }
}

/** What a promise was rejected with. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => Promise.reject(new Error(`It was not rejected, but gave ${String(value)}.`)),
    (error: unknown) => error,
  )
}

/** One HTTPS request on a connection of its own, with the server's certificate trusted. */
export function httpsStatus(server: FaultyServer, url: string, servername?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { ca: server.certificate, agent: false, ...(servername !== undefined && { servername }) }
    const request = get(url, options, (response) => {
      response.on('error', reject).on('end', () => resolve(response.statusCode))
      response.resume()
    })
    request.on('error', reject)
  })
}

/** Statuses of requests that share one connection for as long as it lasts; `undefined` for one that failed. */
export async function onOneConnection(url: string, methods: readonly string[]): Promise<(number | undefined)[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const seen: (number | undefined)[] = []
  for (const method of methods) {
    seen.push(
      await new Promise((resolve) => {
        let status: number | undefined
        const request = httpRequest(url, { agent, method }, (response) => {
          status = response.statusCode
          response.resume()
        })
        request.on('error', () => {}).on('close', () => resolve(status))
        request.end()
      }),
    )
  }
  return seen
}
