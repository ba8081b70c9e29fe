import { redactUrl } from '@fetchstack/handler-stack'
import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi'
import { OAuthError } from './errors.ts'
import { type Send, through } from './transport.ts'

/**
 * The metadata of a server: those that were given, or what it says at the well-known URL of OpenID Connect Discovery, or where that
 * is not there, of RFC 8414. What was found is remembered; a failure is not.
 *
 * @throws {OAuthError} As a rejection: `METADATA`, and what `send` throws.
 */
export function discovery(server: URL | AuthorizationServer): (send: Send) => Promise<AuthorizationServer> {
  if (!(server instanceof URL)) return async () => server
  let known: AuthorizationServer | undefined
  return async (send) => (known ??= await discover(server, send))
}

async function discover(issuer: URL, send: Send): Promise<AuthorizationServer> {
  const tried: string[] = []
  for (const algorithm of ['oidc', 'oauth2'] as const) {
    let where = ''
    const watched: Send = (url, init) => {
      where = redactUrl(url)
      return send(url, init)
    }
    const response = await discoveryRequest(issuer, { algorithm, ...through(watched) })
    const { status } = response
    tried.push(`${where} (${status})`)
    if (status >= 400 && status < 500) continue
    if (status !== 200) break
    const found = await processDiscoveryResponse(issuer, response).catch(() => undefined)
    if (typeof found?.token_endpoint === 'string' && URL.canParse(found.token_endpoint)) return found
    const problem = 'the metadata are no JSON, of another issuer, or without a token_endpoint'
    // Not the library's error as a cause: it holds the whole answer.
    throw new OAuthError('METADATA', `${where}: ${problem}.`, { status })
  }
  throw new OAuthError(
    'METADATA',
    `no metadata at ${tried.join(', nor at ')}. Give them as server, or correct the issuer.`,
  )
}
