import type { AuthContext } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import type { DigestChallenge, Qop } from './challenge.ts'

/** A request as it is to be sent, and how it is protected. */
export interface Covered {
  readonly request: HttpRequest
  readonly qop: Qop
  readonly body?: Uint8Array
}

/**
 * Chooses how a request is protected, and reads its body where that is part of the proof.
 *
 * @param integrity - Whether `auth-int` is wanted where `auth` would do.
 * @throws {AuthError} `BODY`: the server takes `auth-int` only, and the body can't be known.
 */
export async function cover(
  request: HttpRequest,
  { qops }: DigestChallenge,
  integrity: boolean,
  { bytes }: AuthContext,
): Promise<Covered> {
  const [weakest] = qops
  const whole = qops.includes('auth-int') && (weakest === 'auth-int' || (integrity && inMemory(request)))
  if (!whole) return { request, qop: weakest }
  const known = await bytes(request)
  return { request: known.request, qop: 'auth-int', body: known.bytes }
}

/** Whether its bytes can be had without reading anything: no file, no stream, nothing that has to be made. */
function inMemory({ body, source }: HttpRequest): boolean {
  return (
    body === null ||
    (body === undefined && source === undefined) ||
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof URLSearchParams
  )
}
