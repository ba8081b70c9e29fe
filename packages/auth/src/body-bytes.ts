import type { BodyInput, HttpRequest } from '@fetchstack/handler-stack'
import { AuthError } from './errors.ts'
import { untilAborted } from './until-aborted.ts'

/** A request with the bytes that it will send. */
export interface BodyBytes {
  readonly request: HttpRequest
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * Reads the body of a request, and gives a request that has these bytes for a body. A type that `fetch` would add by itself
 * (`multipart/form-data` with its boundary, `text/plain`...) is added here, so that it can be signed too.
 *
 * @param limit - In bytes, for a stream and for the body of a `Request`: the others are in memory, or have a known size.
 * @throws {AuthError} `BODY`: it is longer, or it has been read.
 */
export async function readBody(request: HttpRequest, scheme: string, limit: number): Promise<BodyBytes> {
  const { body, source, replay, signal } = request
  if (body instanceof ArrayBuffer) return { request, bytes: new Uint8Array(body) }
  if (ArrayBuffer.isView(body)) {
    return { request, bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) }
  }
  if (typeof body === 'function') return readBody(request.with({ body: (await body()) ?? null }), scheme, limit)
  if (body === null || (body === undefined && source === undefined)) return { request, bytes: new Uint8Array() }
  const fail = (problem: string, options?: ErrorOptions): never => {
    throw new AuthError('BODY', scheme, request, `the body must be known before it is sent, ${problem}`, options)
  }
  let carrier: Request | Response | undefined
  try {
    carrier = source && body === source.body ? source : new Response(body as BodyInput)
  } catch (cause) {
    fail('and it has been read.', { cause })
  }
  if (carrier!.bodyUsed || carrier!.body?.locked) fail('and it has been read.')
  const bytes = await read(carrier!, replay === 'free' ? Infinity : limit, signal, fail)
  // A runtime that does not show the body of a `Request` does not show either that there is none.
  if (body === undefined && bytes.length === 0) return { request, bytes }
  const type = request.header('content-type') === undefined && carrier!.headers.get('content-type')
  const known = request.with({ body: bytes })
  return { request: type ? known.withHeader('content-type', type) : known, bytes }
}

async function read(
  carrier: Request | Response,
  limit: number,
  signal: AbortSignal | undefined,
  fail: (problem: string) => never,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLong = (): never => fail(`and it is longer than bodyLimit, ${limit} bytes.`)
  if (limit === Infinity || !carrier.body) {
    const bytes = new Uint8Array(await carrier.arrayBuffer())
    return bytes.length > limit ? tooLong() : bytes
  }
  const reader = (carrier.body as ReadableStream<unknown>).getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal)
      if (done) break
      if (!(value instanceof Uint8Array)) fail('and it is no stream of bytes.')
      length += value.length
      if (length > limit) tooLong()
      chunks.push(value)
    }
  } catch (error) {
    reader.cancel(error).catch(() => {})
    throw error
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
