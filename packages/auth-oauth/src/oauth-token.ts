import { type AuthTime, authTime } from '@fetchstack/auth'
import { originOf, redactUrl } from '@fetchstack/handler-stack'
import type { Refresh, RefreshRequest, Token } from '@fetchstack/token-source'
import {
  type AuthorizationServer,
  clockSkew,
  DPoP,
  genericTokenEndpointRequest,
  modifyAssertion,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi'
import { tokenOf, unsendable, unusable, withoutIdToken } from './answer.ts'
import { confidential } from './confidential.ts'
import { discovery } from './discovery.ts'
import type { OAuthError } from './errors.ts'
import { GRANT_TYPES, grantParameters } from './grants.ts'
import { type OAuthTokenOptions, settingsOf } from './options.ts'
import { through, transport } from './transport.ts'

/** What came of one request: a token, or why there is none and what the server said of it. */
type Outcome = { readonly token: Token } | { readonly error: OAuthError; readonly response: Response }

/**
 * Gets tokens from an OAuth 2 authorization server: what `tokenSource` asks for a new one.
 *
 * - The server's metadata are looked up before the first token, once. All requests are https, or on loopback; redirects are refused;
 *   of an answer at most 64 KiB are read.
 * - A scope that an API misses (`insufficient_scope`) is asked for on top of `scope`.
 * - With a `dpop` key the token is bound to it (RFC 9449). When the server wants a nonce, it is asked again with that, once.
 * - When the server refuses a client assertion or a proof and its `Date` is more than 30 s away, it is asked again, with its time, once.
 * - `fetch` is the plain one, so that no credential of an API gets to the token endpoint and no refresh waits for itself.
 *
 * Source: RFC 6749, RFC 7523, RFC 8414, RFC 8693, RFC 8707, RFC 9449.
 *
 * @throws {OptionError} When it is made: an option is missing or can't be used.
 * @throws {OAuthError} As a rejection: see `OAuthErrorKind`. After an abort: the signal's own reason.
 * @example
 * ```ts
 * import { bearerFrom } from '@fetchstack/auth'
 * import { clientAuth, oauthToken } from '@fetchstack/auth-oauth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { tokenSource } from '@fetchstack/token-source'
 *
 * const refresh = oauthToken({
 *   server: 'https://login.example.com',
 *   client: { id: 'my-app', auth: clientAuth.basic('s3cret') },
 *   grant: { type: 'client_credentials' },
 *   scope: 'videos.read',
 * })
 * const api = HandlerStack.create()
 *   .push(bearerFrom(tokenSource(refresh), { origins: 'https://api.example.com' }))
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function oauthToken(options: OAuthTokenOptions): Refresh {
  const settings = settingsOf(options)
  const { client, grant, clock } = settings
  const metadata = discovery(settings.server)
  const timeOf = (server: AuthorizationServer): AuthTime => authTime(originOf(server.token_endpoint!), clock)
  /** By which a proof is dated that is being made. */
  let proofTime: AuthTime | undefined
  const proofs =
    settings.dpop &&
    DPoP({}, settings.dpop, {
      [modifyAssertion]: (_header, payload) => {
        payload['iat'] = Math.floor((proofTime ?? clock).now() / 1000)
      },
    })
  /** The last one that the server gave. */
  let nonce: string | null = null

  /** What may be wrong with a request, so that another one helps. */
  const reasonToAskAgain = (error: string | undefined): 'nonce' | 'time' | undefined => {
    if (error === 'use_dpop_nonce') return 'nonce'
    const dated = error === 'invalid_client' && client.auth.method === 'private_key_jwt'
    return dated || error === 'invalid_dpop_proof' ? 'time' : undefined
  }

  return async function refresh(request: RefreshRequest): Promise<Token> {
    const { signal } = request
    const secrets = confidential(signal)
    const send = transport(settings, secrets, signal)
    const server = await metadata(send)
    const where = redactUrl(server.token_endpoint!)
    const scope = union(settings.scope, request.scope)
    // They may be secrets. What is shorter is none, and part of other words.
    for (const value of Object.values(options.params ?? {})) if (value.length >= 8) secrets.keep(value)

    const ask = async (time: AuthTime): Promise<Outcome> => {
      proofTime = time
      const who = {
        client_id: client.id,
        use_mtls_endpoint_aliases: client.auth.mtls === true,
        // The library goes by `Date.now()`.
        [clockSkew]: Math.round((time.now() - Date.now()) / 1000),
      }
      const parameters = new URLSearchParams(await grantParameters(grant, request, secrets))
      if (scope !== undefined) parameters.set('scope', scope)
      for (const [name, value] of settings.params) parameters.append(name, value)
      let response: Response
      try {
        response = await genericTokenEndpointRequest(
          server,
          who,
          await client.auth.use(secrets),
          GRANT_TYPES[grant.type],
          parameters,
          { ...through(send), ...(proofs && { DPoP: proofs }) },
        )
      } catch (thrown) {
        signal.throwIfAborted()
        throw unsendable(thrown, where)
      }
      try {
        const body = await processGenericTokenEndpointResponse(server, who, await withoutIdToken(response))
        return { token: tokenOf(body, { now: clock.now(), dpop: proofs !== undefined, scope, where }) }
      } catch (thrown) {
        return { error: unusable(thrown, where, response.status, secrets), response }
      }
    }

    const tried = new Set<string | undefined>()
    for (;;) {
      const time = timeOf(server)
      const before = nonce
      const outcome = await ask(time)
      if ('token' in outcome) return outcome.token
      const { error, response } = outcome
      nonce = response.headers.get('dpop-nonce') ?? nonce
      const reason = reasonToAskAgain(error.error)
      if (reason === 'nonce' ? nonce === before : !(reason === 'time' && time.correct(response))) throw error
      if (tried.has(reason)) throw error
      tried.add(reason)
    }
  }
}

function union(...scopes: readonly (string | undefined)[]): string | undefined {
  const all = scopes.flatMap((scope) => scope?.split(' ') ?? []).filter((scope) => scope !== '')
  return all.length === 0 ? undefined : [...new Set(all)].join(' ')
}
