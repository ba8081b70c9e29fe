import { makeToken, type Token } from '@fetchstack/token-source'
import {
  INVALID_SERVER_METADATA,
  MISSING_SERVER_METADATA,
  RESPONSE_BODY_ERROR,
  RESPONSE_IS_NOT_CONFORM,
  RESPONSE_IS_NOT_JSON,
  type TokenEndpointResponse,
  UNSUPPORTED_OPERATION,
} from 'oauth4webapi'
import type { Confidential } from './confidential.ts'
import { OAuthError } from './errors.ts'

/** What the library throws for an answer: the parts that are read. */
interface LibraryError {
  readonly code?: unknown
  readonly error?: unknown
  readonly error_description?: unknown
}

/** What went wrong before anything was sent. */
export function unsendable(thrown: unknown, where: string): unknown {
  if (thrown instanceof OAuthError) return thrown
  const { code } = Object(thrown) as LibraryError
  if (code === MISSING_SERVER_METADATA || code === INVALID_SERVER_METADATA) {
    return new OAuthError('METADATA', 'the metadata of the server have no token_endpoint that can be used.')
  }
  return new OAuthError('CREDENTIAL', `${where}: the request can't be signed with this key.`, { cause: thrown })
}

/** The library's errors hold the whole answer, tokens and all: so they are neither shown nor kept as a cause. */
export function unusable(thrown: unknown, where: string, status: number, { show }: Confidential): OAuthError {
  if (thrown instanceof OAuthError) return thrown
  const { code, error, error_description } = Object(thrown) as LibraryError
  switch (code) {
    case RESPONSE_BODY_ERROR: {
      const name = show(String(error), 100)
      const description = typeof error_description === 'string' ? show(error_description, 200) : undefined
      const problem = `${where} refused: ${name}${description ? ` (${description})` : ''}.`
      return new OAuthError('REFUSED', problem, { status, error: name, errorDescription: description })
    }
    case RESPONSE_IS_NOT_CONFORM:
      return new OAuthError('STATUS', `${where} answered ${status}, without an OAuth error.`, { status })
    case RESPONSE_IS_NOT_JSON:
      return status === 200
        ? new OAuthError('CONTENT_TYPE', `${where}: the answer is no JSON, but a page or a text.`, { status })
        : new OAuthError('STATUS', `${where} answered ${status}, without an OAuth error.`, { status })
    case UNSUPPORTED_OPERATION:
      return new OAuthError('TOKEN_TYPE', `${where}: the token is of a type that is not known.`, { status })
    default:
      return new OAuthError('RESPONSE', `${where}: the answer is no token response.`, { status })
  }
}

/**
 * The answer as if it had no ID token. Nobody here reads one, and the library refuses the whole answer for one that it can't verify
 * (by a wrong clock, say): the refresh token in it would be lost, after the server has revoked the old one.
 */
export async function withoutIdToken(response: Response): Promise<Response> {
  if (response.status !== 200) return response
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  const { id_token, ...rest } = Object(body) as Record<string, unknown>
  return id_token === undefined ? response : new Response(JSON.stringify(rest), response)
}

/**
 * @throws {OAuthError} `TOKEN_TYPE`: it is to be sent in another way than it was asked for. `RESPONSE`: it can't be sent at all.
 */
export function tokenOf(
  body: TokenEndpointResponse,
  { now, dpop, scope, where }: { now: number; dpop: boolean; scope: string | undefined; where: string },
): Token {
  const type = dpop ? 'DPoP' : 'Bearer'
  if (body.token_type !== type.toLowerCase()) {
    const got = body.token_type === 'dpop' ? 'DPoP' : 'Bearer'
    const way = dpop
      ? 'The server does not bind tokens to keys: leave out dpop.'
      : 'Give a key as dpop, and send it with @fetchstack/auth-dpop.'
    throw new OAuthError('TOKEN_TYPE', `${where}: the token is of type ${got}, not ${type}. ${way}`)
  }
  // Here, and not when it is sent: it would be kept, and nobody would ask for another one.
  if (!/^[!-~]+$/.test(body.access_token)) {
    throw new OAuthError('RESPONSE', `${where}: the access_token has characters that can't be sent.`, { status: 200 })
  }
  return makeToken({
    value: body.access_token,
    type,
    issuedAt: now,
    expiresAt: body.expires_in === undefined ? undefined : now + body.expires_in * 1000,
    refreshToken: body.refresh_token,
    // A server that names none granted what it was asked for (RFC 6749 §5.1).
    scope: body.scope ?? scope,
  })
}
