import { type AuthScheme, apiKey, auth, basic, bearer, bearerFrom } from '@fetchstack/auth'
import { constant } from '@fetchstack/backoff'
import { fromFetchWrapper, HandlerStack } from '@fetchstack/handler-stack'
import { history, httpErrors, log, mapRequest, mapResponse, tap } from '@fetchstack/handler-stack/middleware'
import { redirect } from '@fetchstack/redirect'
import { defaultHeaders, delay, onStats, progress, query } from '@fetchstack/request-options'
import { retry } from '@fetchstack/retry'
import type { Declares, Subject as Tested, TestServer } from '@fetchstack/testing/conformance'
import { timeout } from '@fetchstack/timeout'
import type { RuntimeName } from '../contract.ts'

/** A middleware of this project, as the kit gets it. */
export interface Subject {
  /** Unique; part of the ids of cases. */
  readonly name: string
  /** @param server - Whose origin credentials are for. */
  readonly make: (server: Pick<TestServer, 'url'>) => Tested
  readonly declares?: (server: Pick<TestServer, 'url'>) => Declares
  /** Why a runtime can't run it; `undefined`: it can. */
  readonly inapplicable?: (runtime: RuntimeName) => string | undefined
}

const never = (): Promise<string> => new Promise(() => {})
const soon = { budget: false, schedule: constant(1) } as const

/** Sends a token at once, and another one when that is refused. */
const handshake: AuthScheme = {
  name: 'handshake',
  writes: { headers: ['authorization'] },
  async *flow(request) {
    const { status } = yield request.withHeader('authorization', 'Handshake first-token')
    if (status === 401) yield request.withHeader('authorization', 'Handshake second-token')
  },
}

const lines: string[] = []
const write = (line: string): void => void lines.push(line)

const authorization = ['authorization']

/** All middleware of this project, in the uses that differ. */
export const subjects: readonly Subject[] = [
  {
    name: 'retry',
    make: () => () => retry(soon),
    declares: () => ({ resends: '503', waits: { after: '503;retry-after=30' } }),
  },
  { name: 'retry-of-resets', make: () => () => retry(soon), declares: () => ({ resends: 'reset' }) },
  {
    name: 'retry-with-a-decider',
    make: () => () =>
      retry(
        (retries, _request, response) => retries < 2 && response?.status === 503,
        () => 1,
      ),
    declares: () => ({ resends: '503' }),
  },
  { name: 'timeout', make: () => () => timeout(30_000) },
  { name: 'timeout-of-headers', make: () => () => timeout({ after: 30_000, body: false }) },
  {
    name: 'bearer',
    make:
      ({ url }) =>
      () =>
        bearer('bearer-token', { origins: url }),
    declares: ({ url }) => ({
      changesRequest: authorization,
      secrets: ['bearer-token'],
      waits: { middleware: () => bearer(never, { origins: url }) },
    }),
  },
  {
    name: 'basic',
    make:
      ({ url }) =>
      () =>
        basic('user', 'pass-word', { origins: url }),
    declares: () => ({ changesRequest: authorization, secrets: ['pass-word', btoa('user:pass-word')] }),
  },
  {
    name: 'api-key-in-a-header',
    make:
      ({ url }) =>
      () =>
        apiKey('header-key', {}, { origins: url }),
    declares: () => ({ changesRequest: ['x-api-key'], secrets: ['header-key'], refuses: ['redirect'] }),
  },
  {
    name: 'api-key-in-the-query',
    make:
      ({ url }) =>
      () =>
        apiKey('query-key', { query: 'key' }, { origins: url }),
    declares: () => ({ changesRequest: true, secrets: ['query-key'], refuses: ['redirect'] }),
  },
  {
    name: 'auth-by-a-flow',
    make:
      ({ url }) =>
      () =>
        auth(handshake, { origins: url }),
    declares: () => ({ changesRequest: authorization, secrets: ['first-token', 'second-token'], resends: '401' }),
  },
  {
    name: 'map-request',
    make: () => () => mapRequest((request) => request.withHeader('accept', 'text/x-mapped')),
    declares: () => ({ changesRequest: ['accept'] }),
  },
  { name: 'map-request-later', make: () => () => mapRequest(async (request) => request) },
  { name: 'map-response', make: () => () => mapResponse((response) => response) },
  {
    name: 'tap',
    make: () => () =>
      tap(
        () => {},
        (_request, _call, promise) => void promise.catch(() => {}),
      ),
  },
  { name: 'history', make: () => () => history([]) },
  { name: 'http-errors', make: () => () => httpErrors(), declares: () => ({ changesResponse: [404] }) },
  {
    name: 'log',
    make: () => () => log({ debug: write, info: write, warn: write, error: write }),
    declares: () => ({ wrote: () => lines }),
  },
  { name: 'wrapper', make: () => () => fromFetchWrapper((fetch) => (input, init) => fetch(input, init)) },
  {
    name: 'nested-stack',
    make:
      ({ url }) =>
      () =>
        new HandlerStack()
          .push(timeout(30_000), 'total-timeout')
          .push(retry(soon))
          .push(timeout(10_000), 'attempt-timeout')
          .push(bearer('stacked-token', { origins: url })),
    declares: () => ({
      changesRequest: authorization,
      secrets: ['stacked-token'],
      resends: '503',
      waits: { after: '503;retry-after=5' },
    }),
  },
  {
    name: 'when',
    make:
      ({ url }) =>
      () =>
        new HandlerStack()
          .when(() => true, bearer('conditional-token', { origins: url }))
          .when(() => false, httpErrors()),
    declares: () => ({ changesRequest: authorization, secrets: ['conditional-token'] }),
  },
  {
    name: 'bearer-from-a-provider',
    make:
      ({ url }) =>
      () =>
        bearerFrom(({ reason }) => (reason === 'rejected' ? 'second-token' : 'first-token'), { origins: url }),
    declares: () => ({ changesRequest: authorization, secrets: ['first-token', 'second-token'], resends: '401' }),
  },
  {
    name: 'redirect',
    make: () => () => redirect(),
    declares: () => ({
      resends: '307;location=%3Fagain',
      waits: { after: '307;location=%3Fagain;retry-after=60' },
    }),
    inapplicable: (runtime) => (runtime === 'chromium' ? 'a browser hides redirects' : undefined),
  },
  {
    name: 'default-headers',
    make: () => () => defaultHeaders({ 'x-own': '1' }),
    declares: () => ({ changesRequest: ['x-own'] }),
  },
  { name: 'query', make: () => () => query() },
  { name: 'delay', make: () => () => delay(0), declares: () => ({ waits: { middleware: () => delay(60_000) } }) },
  { name: 'on-stats', make: () => () => onStats(() => {}) },
  {
    name: 'progress',
    make: () => () => progress({ download: () => {} }),
    declares: () => ({ changesResponse: true }),
  },
]
