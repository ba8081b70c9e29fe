import { describe, expect, it } from 'vitest'
import { clientAuth, type OAuthTokenOptions, oauth, oauthToken } from '../src/index.ts'

const GOOD: OAuthTokenOptions = {
  server: 'https://login.example.com',
  client: { id: 'me', auth: clientAuth.basic('hush') },
  grant: { type: 'client_credentials' },
}
const CHANGES: readonly (readonly [what: string, change: object, message: RegExp])[] = [
  ['an unknown option', { scopes: 'read' }, /unknown option "scopes"\. Did you mean "scope"\?/],
  ['no server', { server: undefined }, /server must have an issuer/],
  ['a server that is no URL', { server: 'login.example.com' }, /server must be an absolute URL/],
  ['plain http', { server: 'http://login.example.com' }, /server must be https, or on loopback/],
  ['a host that only starts like loopback', { server: 'http://127.0.0.1.evil.example' }, /must be https/],
  ['loopback where it is not allowed', { server: 'http://localhost', insecure: 'never' }, /server must be https\./],
  ['plain http everywhere', { insecure: 'always' }, /insecure must be one of "loopback", "never"/],
  ['a password in the URL', { server: 'https://me:hush@login.example.com' }, /must not hold a user name/],
  ['a query in the issuer', { server: 'https://login.example.com/?a=hush' }, /neither a query nor a fragment/],
  ['metadata without an issuer', { server: { token_endpoint: 'https://a.example/t' } }, /server must have an issuer/],
  ['metadata without a token endpoint', { server: { issuer: 'https://a.example' } }, /server must be an absolute URL/],
  ['metadata of plain http', { server: { issuer: 'x', token_endpoint: 'http://a.example/t' } }, /server must be https/],
  ['no client', { client: undefined }, /client\.id must be a string, got undefined/],
  [
    'a secret in the place of its method',
    { client: { id: 'me', auth: 'hush' } },
    /client\.auth must be one of clientAuth/,
  ],
  ['another grant', { grant: { type: 'password' } }, /grant\.type must be one of "client_credentials"/],
  [
    'a grant without its token',
    { grant: { type: 'jwt_bearer' } },
    /grant\.assertion must be a string that is not empty/,
  ],
  [
    "another grant's token",
    { grant: { type: 'client_credentials', refreshToken: 'hush' } },
    /unknown option "refreshToken"/,
  ],
  [
    'a token with a line break at its end',
    { grant: { type: 'refresh_token', refreshToken: 'hush\n' } },
    /grant\.refreshToken must be a string .* no line break at its end either; or a function\./,
  ],
  ['a parameter with an option of its own', { params: { scope: 'a' } }, /params must not have scope/],
  ['a parameter that is no text', { params: { tenant: 1 } }, /params\.tenant must be a string/],
  ['a scope that is no text', { scope: [1] }, /scope must be a string/],
  ['a key that is none', { dpop: { privateKey: 'hush' } }, /dpop must be a pair of keys to sign with/],
  ['a fetch that is none', { fetch: 'hush' }, /fetch must be a function/],
]

describe('what can not be used is refused when it is made', () => {
  it.each(CHANGES)('%s', (_what, change, message) => {
    const make = () => oauthToken({ ...GOOD, ...change })
    expect(make).toThrow(expect.objectContaining({ code: 'FETCHSTACK_INVALID_OPTION' }))
    expect(make).toThrow(message)
    if (!message.source.includes('fetch')) expect(make).not.toThrow(/hush/)
  })

  it('options that are none, and those of the source', () => {
    expect(() => oauthToken(undefined as never)).toThrow(/oauthToken: client\.id/)
    expect(() => oauth(undefined as never)).toThrow(/oauthToken: client\.id/)
    expect(() => oauth(GOOD, { flightTimeout: -1 })).toThrow(/flightTimeout/)
  })
})
