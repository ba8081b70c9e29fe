import { constants, createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { SeenStream } from '../contract.ts'
import { TRUSTED_HOST, type Trust } from './trust.ts'

/** A server that speaks HTTP/2, and HTTP/1.1 to those who can't. */
export interface StreamServer {
  readonly url: string
  readonly streams: readonly SeenStream[]
  close(): Promise<void>
}

const RESETS: Readonly<Record<string, number>> = {
  refused: constants.NGHTTP2_REFUSED_STREAM,
  internal: constants.NGHTTP2_INTERNAL_ERROR,
  cancel: constants.NGHTTP2_CANCEL,
}

/** The address is `/streams/<step>,<step>.../<id>`: one step per request, and the last one again for all that follow. */
export async function openStreamServer({ cert, key }: Trust): Promise<StreamServer> {
  const streams: SeenStream[] = []
  const sockets = new Set<Socket>()
  const attempts = new Map<string, number>()
  const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
    const path = request.url
    const steps = path.split('/')[2]?.split(',') ?? []
    const attempt = (attempts.get(path) ?? 0) + 1
    attempts.set(path, attempt)
    const step = steps[Math.min(attempt, steps.length) - 1] ?? '404'
    const seen = { method: request.method, path, protocol: `HTTP/${request.httpVersion}`, step, bodyBytes: 0 }
    streams.push(seen)
    request.on('data', (chunk: Uint8Array) => {
      seen.bodyBytes += chunk.length
    })
    request.on('error', () => {})
    play(step, request, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('sessionError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://${TRUSTED_HOST}:${(server.address() as AddressInfo).port}`,
    streams,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function play(step: string, request: Http2ServerRequest, response: Http2ServerResponse): void {
  // HTTP/1.1 has no streams: there every step is an answer.
  const stream = request.httpVersion === '2.0' ? response.stream : undefined
  const code = RESETS[step]
  if (stream !== undefined && code !== undefined) return stream.close(code)
  if (stream !== undefined && step === 'goaway') {
    // RFC 9113 §6.8: streams above the last identifier have not been processed.
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, Math.max(0, Number(stream.id) - 2))
    stream.session?.destroy()
    return
  }
  const answer = () => {
    // A page asks from another origin.
    response.writeHead(Number(step) || 200, { 'content-type': 'text/plain', 'access-control-allow-origin': '*' })
    response.end(`HTTP/${request.httpVersion}`)
  }
  if (request.complete) answer()
  else request.once('end', answer)
}
