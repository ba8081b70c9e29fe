import { inspect } from 'node:util'
import { Call, HandlerStack, HttpRequest, type Middleware } from '@fetchstack/handler-stack'
import { type HistoryEntry, history, log } from '@fetchstack/handler-stack/middleware'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import {
  type AuthError,
  apiKey,
  auth,
  basic,
  basicScheme,
  bearer,
  bearerFrom,
  Secret,
  type SecretInput,
} from '../src/index.ts'
import { API, always } from './helpers.ts'

const SECRET = 'hush-Kf81'
// What may not be found anywhere: as given, in base64 (with the user name before it) and as a part of a query.
const TRACES = [SECRET, btoa(`me:${SECRET}`).slice(4, -4), encodeURIComponent(SECRET)]

/** All the ways in which people and loggers print something. */
function dumps(value: unknown): string {
  const error = value as Partial<Error>
  return [
    String(value),
    inspect(value, { depth: Infinity, showHidden: true }),
    JSON.stringify(value),
    // As loggers copy errors.
    value instanceof Error ? JSON.stringify({ ...value }) : '',
    error.message,
    error.stack,
    inspect(error.cause, { depth: Infinity }),
  ].join('\n')
}

function expectNoSecret(value: unknown): void {
  const text = dumps(value)
  for (const trace of TRACES) expect(text).not.toContain(trace)
}

const make: [string, (secret: SecretInput, more?: object) => Middleware][] = [
  ['bearer', (secret, more) => bearer(secret, { origins: API, ...more })],
  ['basic', (secret, more) => basic('me', secret, { origins: API, ...more })],
  ['apiKey in a header', (secret, more) => apiKey(secret, {}, { origins: API, ...more })],
  ['apiKey in the query', (secret, more) => apiKey(secret, { query: 'key' }, { origins: API, ...more })],
  [
    'bearerFrom',
    (secret, more) =>
      bearerFrom(typeof secret === 'string' || secret instanceof Secret ? () => secret : secret, {
        origins: API,
        redirect: 'error',
        ...more,
      }),
  ],
  ['auth', (secret, more) => auth(basicScheme('me', secret), { origins: API, redirect: 'error', ...more })],
]

const forms: [string, SecretInput][] = [
  ['as a string', SECRET],
  ['as a Secret', Secret.of(SECRET)],
  ['of a provider', async () => SECRET],
]

describe.each(make)('%s does not show its secret', (_, middleware) => {
  it.each(forms)('in the middleware or the stack, %s', (_, secret) => {
    expectNoSecret(middleware(secret))
    const stack = HandlerStack.create(always()).push(middleware(secret), 'auth')
    expectNoSecret(stack)
    expectNoSecret(stack.layers)
    expectNoSecret(stack.toFetch())
  })

  it.each(forms)('in the request that it sends on, or the trail, %s', async (_, secret) => {
    const mock = always()
    const call = new Call()
    await middleware(secret)(mock)(HttpRequest.from(`${API}/videos`), call)
    expectNoSecret(mock.last!.request)
    expectNoSecret(call.trail)
    expectNoSecret(call)
  })

  it.each(forms)('in a log or a history that stands inside, %s', async (_, secret) => {
    const lines: string[] = []
    const write = (line: string) => lines.push(line)
    const entries: HistoryEntry[] = []
    const safeHeaders = ['authorization', 'x-api-key']
    const logged = log({ logger: { debug: write, info: write, warn: write, error: write }, safeHeaders })
    const stack = HandlerStack.create(always()).push(middleware(secret), 'auth').push(logged).push(history(entries))
    await stack.toFetch()(`${API}/videos`)
    expect(lines).toHaveLength(2)
    expectNoSecret(lines)
    expectNoSecret(entries)
  })

  it('in an error of its provider, whatever that threw: the cause is there for programs, and not printed', async () => {
    const cause = Object.assign(new Error(`refused: ${SECRET}`), { config: { headers: { authorization: SECRET } } })
    const failing = () => Promise.reject(cause)
    const error = await middleware(failing)(always())(HttpRequest.from(`${API}/`), new Call()).catch(
      (error: unknown) => error as AuthError,
    )
    expect((error as AuthError).cause).toBe(cause)
    const printed = [
      String(error),
      inspect(error, { depth: Infinity, showHidden: true }),
      inspect(error, { depth: Infinity, showHidden: true, customInspect: false }),
      JSON.stringify(error),
      JSON.stringify({ ...(error as AuthError) }),
      (error as AuthError).stack,
      inspect(structuredClone({ message: (error as AuthError).message })),
    ]
    expect(printed.join('\n')).not.toContain(SECRET)
  })

  const failures: [string, string, Response | Error, object, string][] = [
    ['outside', 'https://other.example/', new Response(null), { outside: 'error' }, 'OUTSIDE'],
    ['userinfo', 'https://u:p@api.example.com/', new Response(null), {}, 'USERINFO'],
    [
      'a redirect',
      `${API}/`,
      new Response(null, { status: 302, headers: { location: `/?key=${SECRET}` } }),
      {},
      'REDIRECT',
    ],
  ]
  it.each(failures)('in an error: %s', async (_, url, outcome, options, kind) => {
    for (const [, secret] of forms) {
      const error = await failing(middleware(secret, options), url, () =>
        outcome instanceof Response ? outcome.clone() : outcome,
      )
      if (error === undefined) continue
      expect(error.code).toBe(`FETCHSTACK_AUTH_${kind}`)
      expectNoSecret(error)
    }
  })

  it('in an error about the secret itself', async () => {
    for (const provider of [() => ({ token: SECRET }), async () => [SECRET], () => ({ reveal: () => ({ SECRET }) })]) {
      const error = await failing(middleware(provider as unknown as () => string), `${API}/`, () => new Response(null))
      expect(error?.code).toBe('FETCHSTACK_AUTH_SECRET')
      expectNoSecret(error)
      expect(() => middleware(provider() as unknown as string)).toThrow(expect.not.stringContaining(SECRET))
    }
  })
})

async function failing(
  middleware: Middleware,
  url: string,
  outcome: () => Response | Error,
): Promise<AuthError | undefined> {
  const mock = mockHandler([() => outcome() as Response])
  return middleware(mock)(HttpRequest.from(url), new Call()).then(
    () => undefined,
    (error: unknown) => error as AuthError,
  )
}

it('a secret with a line break is not shown where it is refused', async () => {
  for (const [, middleware] of make.slice(0, 3)) {
    const bad = `${SECRET}\r\nx-evil: 1`
    let error: unknown
    try {
      middleware(bad)
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ name: 'OptionError' })
    expectNoSecret(error)
    const late = await failing(
      middleware(() => bad),
      `${API}/`,
      () => new Response(null),
    )
    expect(late?.code).toBe('FETCHSTACK_AUTH_SECRET')
    expectNoSecret(late)
  }
})
