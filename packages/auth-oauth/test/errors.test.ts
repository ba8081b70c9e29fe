import { inspect } from 'node:util'
import { type Fault, faults } from '@fetchstack/testing'
import { isTerminal, makeToken } from '@fetchstack/token-source'
import { describe, expect, it } from 'vitest'
import { clientAuth, isOAuthError } from '../src/index.ts'
import { authorizationServer, GRANTED } from './helpers.ts'

/** Everything that a log could get hold of. */
function everything(error: unknown): string {
  const { stack, cause } = error as Error
  return [
    String(error),
    stack,
    inspect(error, { depth: 9, showHidden: true }),
    JSON.stringify(error),
    inspect(cause),
  ].join()
}

const huge = JSON.stringify({ ...GRANTED, padding: 'x'.repeat(10_000_000) })
const BAD: readonly (readonly [what: string, answer: Fault, code: string, message: RegExp])[] = [
  ['an OAuth error', faults.status(400, {}, { error: 'invalid_grant' }), 'REFUSED', /refused: invalid_grant\.$/],
  [
    'a 401 with a challenge and an OAuth error',
    unauthorized(),
    'REFUSED',
    /refused: invalid_client \(no such client\)\.$/,
  ],
  ['a 500', faults.status(500), 'STATUS', /answered 500, without an OAuth error\.$/],
  [
    'a 400 that is a page',
    faults.status(400, { 'content-type': 'text/html' }, '<p>access-hush'),
    'STATUS',
    /answered 400/,
  ],
  ['a 400 with other JSON', faults.status(400, {}, { message: 'access-hush' }), 'STATUS', /answered 400/],
  ['a 204', faults.status(204), 'STATUS', /answered 204/],
  ['a redirect', faults.redirect('http://127.0.0.1:9/access-hush', 307), 'REDIRECT', /redirects \(307\), and secrets/],
  ['HTML', faults.ok('<p>access-hush</p>', { 'content-type': 'text/html' }), 'CONTENT_TYPE', /the answer is no JSON/],
  ['a form', faults.ok('access_token=access-hush'), 'CONTENT_TYPE', /the answer is no JSON/],
  ['garbage', faults.ok('{"access-hush', { 'content-type': 'application/json' }), 'RESPONSE', /is no token response/],
  ['a list', faults.ok('["access-hush"]', { 'content-type': 'application/json' }), 'RESPONSE', /is no token response/],
  ['no access token', faults.ok({ token_type: 'Bearer' }), 'RESPONSE', /is no token response/],
  ['no token type', faults.ok({ access_token: 'access-hush' }), 'RESPONSE', /is no token response/],
  [
    'an expires_in that is no number',
    faults.ok({ ...GRANTED, expires_in: 'soon' }),
    'RESPONSE',
    /is no token response/,
  ],
  [
    'a token with a line break',
    faults.ok({ ...GRANTED, access_token: 'access\nhush' }),
    'RESPONSE',
    /the access_token has characters that can't be sent\.$/,
  ],
  ['an empty body', faults.ok(''), 'CONTENT_TYPE', /the answer is no JSON/],
  [
    'a DPoP token',
    faults.ok({ ...GRANTED, token_type: 'DPoP' }),
    'TOKEN_TYPE',
    /of type DPoP, not Bearer\. Give a key/,
  ],
  ['another token type', faults.ok({ ...GRANTED, token_type: 'mac' }), 'TOKEN_TYPE', /of a type that is not known/],
  ['10 MB', faults.ok(huge, { 'content-type': 'application/json' }), 'TOO_LARGE', /longer than 65536 bytes/],
  ['a reset', faults.reset(), 'NETWORK', /no answer\.$/],
  ['what is not HTTP', faults.garbage(), 'NETWORK', /no answer\.$/],
  ['half a body', faults.truncate({ body: JSON.stringify(GRANTED) }), 'NETWORK', /the answer broke off\.$/],
]

function unauthorized(): Fault {
  const headers = { 'www-authenticate': 'Basic realm="as"' }
  return faults.status(401, headers, { error: 'invalid_client', error_description: 'no such client' })
}

describe('a token endpoint that answers with', () => {
  it.each(BAD)('%s', async (_what, answer, code, message) => {
    await using as = await authorizationServer(answer)
    const error = await as.failure()
    expect(error).toMatchObject({
      name: 'OAuthError',
      code: `FETCHSTACK_OAUTH_${code}`,
      message: expect.stringMatching(message),
    })
    expect(error.message).toContain(`${as.server.url}/token`)
    expect(isOAuthError(error)).toBe(true)
    expect(everything(error)).not.toContain('hush')
  })
})

describe('an OAuth error', () => {
  it.each(['invalid_grant', 'invalid_client', 'unauthorized_client', 'unsupported_grant_type'])(
    '%s is for good, as the token source sees it',
    async (error) => {
      await using as = await authorizationServer(faults.status(400, {}, { error }))
      expect(isTerminal(await as.failure())).toBe(true)
    },
  )

  it.each(['invalid_scope', 'temporarily_unavailable'])('%s is not', async (error) => {
    await using as = await authorizationServer(faults.status(400, {}, { error }))
    expect(isTerminal(await as.failure())).toBe(false)
  })

  it('is shown shortened, on one line, and without the secrets that the server quotes', async () => {
    const error_description = `The token refresh-hush of\r\nBasic ${btoa('my+app:client%2Dhush%3A%2B')}, client%2Dhush%3A%2B or client-hush:+ is not known. `
    await using as = await authorizationServer(
      faults.status(400, {}, { error: 'invalid_grant', error_description: error_description + 'x'.repeat(1_000) }),
    )
    const error = await as.failure({ grant: { type: 'refresh_token', refreshToken: 'refresh-hush' } })
    expect(error.errorDescription).toHaveLength(200)
    expect(error.errorDescription).toMatch(
      /^The token \[secret\] of Basic \[secret\], \[secret\] or \[secret\] is not known\. x+…$/,
    )
    expect(error).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(everything(error)).not.toMatch(/hush/)
  })

  it('that is a signed assertion or a subject token is not shown either', async () => {
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ])
    await using as = await authorizationServer((request) =>
      faults.status(400, {}, { error: 'invalid_request', error_description: decodeURIComponent(request.text) }),
    )
    const error = await as.failure({
      client: { id: 'me', auth: clientAuth.privateKeyJwt(privateKey) },
      grant: { type: 'token_exchange', subjectToken: 'subject-hush' },
    })
    expect(everything(error)).not.toMatch(/hush|eyJ/)
  })
})

it("a parameter of one's own that the server quotes is not shown", async () => {
  await using as = await authorizationServer((request) =>
    faults.status(400, {}, { error: 'invalid_request', error_description: request.text }),
  )
  const error = await as.failure({ params: { api_key: 'param-hush', mode: 'test' } })
  expect(everything(error)).not.toContain('hush')
  expect(error.errorDescription).toContain('api_key=[secret]&mode=test')
})

it('an ID token that can not be verified costs neither the token nor its refresh token', async () => {
  await using as = await authorizationServer(
    faults.ok({ ...GRANTED, refresh_token: 'next', id_token: 'of another clock' }),
  )
  const token = await as.refresh({ grant: { type: 'refresh_token', refreshToken: 'first' } })
  expect(token.value.reveal()).toBe(GRANTED.access_token)
  expect(token.refreshToken?.reveal()).toBe('next')
})

it('an answer of 64 KiB is read, one byte more is not', async () => {
  const bare = JSON.stringify({ ...GRANTED, padding: '' }).length
  const answer = (length: number) => faults.ok({ ...GRANTED, padding: 'x'.repeat(length - bare) })
  await using as = await authorizationServer([answer(65_536), answer(65_537)])
  await expect(as.refresh()).resolves.toMatchObject({ type: 'Bearer' })
  expect(await as.failure()).toMatchObject({ code: 'FETCHSTACK_OAUTH_TOO_LARGE' })
})

it('a fetch that throws at once is a failure like any other', async () => {
  await using as = await authorizationServer()
  const fetch = (): Promise<Response> => {
    throw new Error('no network')
  }
  expect(await as.failure({ fetch })).toMatchObject({
    code: 'FETCHSTACK_OAUTH_NETWORK',
    cause: { message: 'no network' },
  })
})

describe('what fails before anything is sent', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('vault-hush')), /the function that gives the client secret failed\.$/],
    ['gives nothing', () => '', /the client secret must be a string that is not empty/],
    ['gives a line break', () => 'hush\n', /no line break at its end/],
  ])('a function for the secret that %s', async (_what, secret, message) => {
    await using as = await authorizationServer()
    const error = await as.failure({ client: { id: 'me', auth: clientAuth.post(secret) } })
    expect(error).toMatchObject({ code: 'FETCHSTACK_OAUTH_CREDENTIAL', message: expect.stringMatching(message) })
    expect(as.server.count()).toBe(0)
    expect(inspect(error)).not.toContain('hush')
  })

  it('a key that this grant can not use', async () => {
    await using as = await authorizationServer()
    const { privateKey } = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
      false,
      ['sign', 'verify'],
    )
    const error = await as.failure({ client: { id: 'me', auth: clientAuth.privateKeyJwt(privateKey) } })
    expect(error).toMatchObject({ code: 'FETCHSTACK_OAUTH_CREDENTIAL', cause: expect.any(Error) })
    expect(as.server.count()).toBe(0)
  })

  it('no refresh token', async () => {
    await using as = await authorizationServer()
    const error = await as.failure(
      { grant: { type: 'refresh_token' } },
      { current: makeToken({ value: 'access-hush' }) },
    )
    expect(error).toMatchObject({ code: 'FETCHSTACK_OAUTH_NO_REFRESH_TOKEN' })
    expect(as.server.count()).toBe(0)
  })
})

describe('an abort', () => {
  it('ends the request with its own reason', async () => {
    await using as = await authorizationServer(faults.stall())
    const controller = new AbortController()
    const failure = as.failure({}, { signal: controller.signal })
    await as.server.until(({ activeRequests }) => activeRequests === 1)
    controller.abort(new Error('enough'))
    await expect(failure).resolves.toMatchObject({ message: 'enough' })
    await as.server.until(({ requests }) => requests[0]!.aborted)
  })

  it('ends the wait for the body too', async () => {
    await using as = await authorizationServer(faults.stallBody({ body: JSON.stringify(GRANTED) }))
    const controller = new AbortController()
    const failure = as.failure({}, { signal: controller.signal })
    await as.server.until(({ activeRequests }) => activeRequests === 1)
    controller.abort(new Error('enough'))
    await expect(failure).resolves.toMatchObject({ message: 'enough' })
  })

  it('of a function for the secret gives the reason as well', async () => {
    await using as = await authorizationServer()
    const controller = new AbortController()
    const secret = async (): Promise<string> => {
      controller.abort(new Error('enough'))
      throw new Error('cut off')
    }
    const failure = as.failure({ client: { id: 'me', auth: clientAuth.basic(secret) } }, { signal: controller.signal })
    await expect(failure).resolves.toMatchObject({ message: 'enough' })
  })
})
