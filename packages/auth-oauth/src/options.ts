import { type Clock, type FetchFunction, type FetchInput, systemClock } from '@fetchstack/handler-stack'
import { checkFunction, checkOneOf, checkOptions, OptionError, refuse } from '@fetchstack/options'
import type { SecretInput } from '@fetchstack/secret'
import type { AuthorizationServer } from 'oauth4webapi'
import type { ClientAuth } from './client-auth.ts'
import { TEXT, textOf } from './confidential.ts'
import { GRANT_TYPES, type OAuthGrant } from './grants.ts'
import { serverOf } from './server.ts'

/** Options of {@link oauthToken}. */
export interface OAuthTokenOptions {
  /**
   * The issuer, whose metadata are looked up before the first token (OpenID Connect Discovery, then RFC 8414) and remembered; or
   * the metadata themselves, with at least `issuer` and `token_endpoint`.
   */
  readonly server: string | URL | AuthorizationServer
  /** Who asks, and how that is proved: see `clientAuth`. */
  readonly client: { readonly id: string; readonly auth: ClientAuth }
  /** What is shown to the server in return for a token. */
  readonly grant: OAuthGrant
  /** The scopes that are asked for, with spaces between them, or as a list. Those that a server misses are added. Default: none. */
  readonly scope?: string | readonly string[]
  /** The API that the token is for, as an absolute URL, or several (RFC 8707). Default: none. */
  readonly resource?: string | readonly string[]
  /** The logical name of the API that the token is for, or several: RFC 8693, and many servers besides. Default: none. */
  readonly audience?: string | readonly string[]
  /** More parameters of the token request. Default: none. */
  readonly params?: Readonly<Record<string, string>>
  /** The key that the token is bound to (RFC 9449), as `dpopKey()` of `@fetchstack/auth-dpop` makes it. Default: a bearer token. */
  readonly dpop?: CryptoKeyPair
  /** Default: the global `fetch`. A stack's own works too; it should add no credentials. */
  readonly fetch?: FetchFunction
  /** Whether the server may be asked by plain http: on loopback, or never. Default `'loopback'`. */
  readonly insecure?: 'loopback' | 'never'
  /** What tokens and assertions are dated with. Default `systemClock`. */
  readonly clock?: Pick<Clock, 'now'>
}

/** The options, checked. */
export interface Settings {
  readonly server: URL | AuthorizationServer
  readonly client: OAuthTokenOptions['client']
  readonly grant: OAuthGrant
  readonly scope: string | undefined
  /** What each request has, whatever the grant. */
  readonly params: readonly (readonly [string, string])[]
  readonly dpop: CryptoKeyPair | undefined
  readonly fetch: FetchFunction
  readonly insecure: 'loopback' | 'never'
  readonly clock: Pick<Clock, 'now'>
}

const owner = 'oauthToken'

const KNOWN: readonly (keyof OAuthTokenOptions)[] = [
  'server',
  'client',
  'grant',
  'scope',
  'resource',
  'audience',
  'params',
  'dpop',
  'fetch',
  'insecure',
  'clock',
]

/** What a grant may and must have. */
const GRANT_OPTIONS: Readonly<Record<OAuthGrant['type'], readonly [needed: string | undefined, ...more: string[]]>> = {
  client_credentials: [undefined],
  refresh_token: [undefined, 'refreshToken'],
  token_exchange: ['subjectToken', 'subjectTokenType', 'actorToken', 'actorTokenType', 'requestedTokenType'],
  jwt_bearer: ['assertion'],
}

const GRANT_SECRETS = ['refreshToken', 'subjectToken', 'actorToken', 'assertion'] as const

/** What has an option of its own, or is set by the grant and by the client's authentication. */
const RESERVED =
  /^(grant_type|client_id|client_secret|client_assertion(_type)?|refresh_token|assertion|(subject|actor)_token(_type)?|requested_token_type|scope|resource|audience)$/

/** @throws {OptionError} An option is missing, unknown or can't be used. No message shows a secret. */
export function settingsOf(options: OAuthTokenOptions): Settings {
  checkOptions(owner, options, KNOWN)
  const given = Object(options) as Partial<OAuthTokenOptions>
  const {
    client,
    grant,
    scope,
    resource,
    audience,
    params = {},
    dpop,
    insecure = 'loopback',
    clock = systemClock,
  } = given
  const { fetch = (input: FetchInput, init?: RequestInit) => globalThis.fetch(input, init) } = given
  checkOneOf(owner, 'insecure', insecure, ['loopback', 'never'])
  checkFunction(owner, 'fetch', fetch)
  checkFunction(owner, 'clock.now', clock?.now)

  checkOptions(`${owner}.client`, client, ['id', 'auth'])
  if (typeof client?.id !== 'string' || client.id === '') refuse(owner, 'client.id', client?.id, 'a string')
  if (typeof client?.auth?.use !== 'function') {
    refuse(
      owner,
      'client.auth',
      client?.auth && Object(client.auth),
      'one of clientAuth, such as clientAuth.basic(secret)',
    )
  }
  checkOneOf(owner, 'grant.type', grant?.type, Object.keys(GRANT_TYPES))
  const [needed, ...more] = GRANT_OPTIONS[grant!.type]
  checkOptions(`${owner}.grant`, grant, ['type', ...(needed === undefined ? [] : [needed]), ...more])
  const secrets = grant as Partial<Record<(typeof GRANT_SECRETS)[number], SecretInput>>
  for (const name of GRANT_SECRETS) {
    const value = secrets[name]
    const bad = value === undefined ? name === needed : typeof value !== 'function' && textOf(value) === undefined
    if (bad) throw new OptionError(owner, `grant.${name}`, `grant.${name} must be ${TEXT}; or a function.`)
  }

  checkOptions(`${owner}.params`, params, Object.keys(params ?? {}))
  for (const [name, value] of Object.entries(params)) {
    if (RESERVED.test(name)) {
      throw new OptionError(owner, 'params', `params must not have ${name}: it has an option of its own.`)
    }
    // It may be a secret, so only its kind is shown.
    if (typeof value !== 'string') refuse(owner, `params.${name}`, Object(value), 'a string')
  }
  if (dpop !== undefined && !(isKey(dpop?.privateKey, 'private') && isKey(dpop?.publicKey, 'public'))) {
    refuse(owner, 'dpop', Object(dpop), 'a pair of keys to sign with, such as dpopKey() gives')
  }
  return {
    server: serverOf(given.server, insecure),
    client,
    grant: grant!,
    scope: list('scope', scope).join(' ') || undefined,
    params: [
      ...list('resource', resource).map((value) => ['resource', value] as const),
      ...list('audience', audience).map((value) => ['audience', value] as const),
      ...Object.entries(params),
    ],
    dpop,
    fetch,
    insecure,
    clock,
  }
}

function list(option: string, given: string | readonly string[] | undefined): readonly string[] {
  const values: readonly unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given]
  for (const value of values) if (typeof value !== 'string' || value === '') refuse(owner, option, value, 'a string')
  return values as readonly string[]
}

function isKey(key: unknown, type: string): boolean {
  return (
    key instanceof CryptoKey &&
    key.type === type &&
    (type === 'private' ? key.usages.includes('sign') : key.extractable)
  )
}
