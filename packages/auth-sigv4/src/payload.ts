import type { AuthContext } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'

/** The header that carries the hash of the body, and is signed. */
export const HASH = 'x-amz-content-sha256'

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

// What proxies and `fetch` itself set or change: signed, it would break the signature on the way.
const unsigned =
  /^(?:accept-encoding|authorization|cache-control|connection|content-length|expect|from|host|keep-alive|max-forwards|pragma|proxy-.*|referer|sec-.*|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id)$/

/** The request that is sent, with the hash of its body in a header. One that is there already stands, and the body is not read. */
export async function withPayloadHash(
  request: HttpRequest,
  context: AuthContext,
  payload: 'signed' | 'unsigned',
): Promise<HttpRequest> {
  if (request.header(HASH) !== undefined) return request
  if (payload === 'unsigned') return request.withHeader(HASH, 'UNSIGNED-PAYLOAD')
  const known = await context.bytes(request)
  return known.request.withHeader(HASH, known.bytes.length === 0 ? EMPTY : await sha256(known.bytes))
}

/** The headers that are signed, by lower-case name. */
export function signable(request: HttpRequest): Record<string, string> {
  return Object.fromEntries([...new Headers(request.headers)].filter(([name]) => !unsigned.test(name)))
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
