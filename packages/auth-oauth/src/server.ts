import { OptionError } from '@fetchstack/options'
import type { AuthorizationServer } from 'oauth4webapi'
import { mayBeAsked } from './transport.ts'

/**
 * What was given as the server: its issuer or its metadata.
 *
 * @throws {OptionError} It is neither, or it must not be asked. The message does not show it: it may hold a password.
 */
export function serverOf(server: unknown, insecure: 'loopback' | 'never'): URL | AuthorizationServer {
  const fail = (problem: string): never => {
    const way = "Give the issuer, like 'https://login.example.com', or metadata with issuer and token_endpoint."
    throw new OptionError('oauthToken', 'server', `server ${problem}. ${way}`)
  }
  const read = (url: unknown): URL => {
    const text = typeof url === 'string' || url instanceof URL ? String(url) : ''
    if (!URL.canParse(text)) fail('must be an absolute URL')
    const parsed = new URL(text)
    if (parsed.username || parsed.password) fail('must not hold a user name or a password')
    if (!mayBeAsked(parsed, insecure)) fail(`must be https${insecure === 'never' ? '' : ', or on loopback'}`)
    return parsed
  }
  if (typeof server === 'string' || server instanceof URL) {
    const issuer = read(server)
    // RFC 8414 §2.
    if (issuer.search || issuer.hash) fail('must have neither a query nor a fragment')
    return issuer
  }
  const { issuer, token_endpoint } = Object(server) as Partial<AuthorizationServer>
  if (typeof issuer !== 'string' || issuer === '') fail('must have an issuer')
  read(token_endpoint)
  return server as AuthorizationServer
}
