import { bearer } from '@fetchstack/auth'
import { type FetchFunction, fetchHandler, HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { retry } from '@fetchstack/retry'
import { timeout } from '@fetchstack/timeout'
import axios from 'axios'
import {
  ConstantBackoff,
  retry as cockatielRetry,
  timeout as cockatielTimeout,
  handleAll,
  TimeoutStrategy,
  wrap,
} from 'cockatiel'
import { pipeline, withHeaders, withRetry, withTimeout } from 'fetch-extras'
import ky from 'ky'
import { createFetch } from 'ofetch'
import wretch from 'wretch'
import { retry as wretchRetry } from 'wretch/middlewares'
import type { Contestant } from './measure.ts'

const passThrough: Middleware = (next) =>
  function passThrough(request, call) {
    return next(request, call)
  }

/** Five layers that do nothing. */
export function fiveLayers(base: FetchFunction): FetchFunction {
  let stack: HandlerStack<string> = new HandlerStack<string>(fetchHandler(base))
  for (let i = 1; i <= 5; i++) stack = stack.push(passThrough, `layer-${i}`)
  return stack.toFetch()
}

/** Total timeout, retry with its budget, attempt timeout, bearer: the example of the README. */
export function standardStack(base: FetchFunction, origin: string): FetchFunction {
  return HandlerStack.create(fetchHandler(base))
    .push(timeout(30_000), 'total-timeout')
    .push(retry({ maxAttempts: 3 }))
    .push(timeout(10_000), 'attempt-timeout')
    .push(bearer('token', { origins: [origin] }))
    .toFetch()
}

/** The same call through this project and through its peers, each on the same base fetch. */
export function contestants(base: FetchFunction, url: string): Contestant[] {
  const { origin } = new URL(url)
  const layers = fiveLayers(base)
  const standard = standardStack(base, origin)
  const kyDefaults = ky.create({ fetch: base })
  const kyBare = ky.create({ fetch: base, retry: 0, timeout: false })
  const authorization = { authorization: 'Bearer token' }
  const extras = pipeline(
    base,
    withTimeout(10_000),
    withHeaders(authorization),
    withRetry({ retries: 2 }),
    withTimeout(30_000),
  )
  const ofetch = createFetch({
    fetch: base,
    defaults: { retry: 2, timeout: 10_000, headers: authorization },
  })
  const wretched = wretch(url)
    .fetchPolyfill(base as never)
    .auth('Bearer token')
    .middlewares([wretchRetry({ maxAttempts: 2, until: (response) => response?.ok === true })])
  const client = axios.create({
    adapter: 'fetch',
    env: { fetch: base },
    headers: authorization,
    timeout: 10_000,
    responseType: 'stream',
  })
  const policy = wrap(
    cockatielTimeout(30_000, TimeoutStrategy.Cooperative),
    cockatielRetry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(100) }),
    cockatielTimeout(10_000, TimeoutStrategy.Cooperative),
  )
  return [
    { name: 'bare fetch', run: () => base(url) },
    // What any timeout and any credential cost the platform, whoever brings them.
    {
      name: 'bare fetch with a signal and a header',
      run: () => base(url, { signal: new AbortController().signal, headers: authorization }),
    },
    { name: 'fetchstack, five pass-through layers', run: () => layers(url) },
    { name: 'fetchstack, standard stack', run: () => standard(url) },
    { name: 'ky 2.1, defaults', run: () => kyDefaults(url) },
    { name: 'ky 2.1, no retry, no timeout', run: () => kyBare(url) },
    { name: 'fetch-extras, same features', run: () => extras(url) },
    { name: 'ofetch, retry and timeout', run: () => ofetch.raw(url, { responseType: 'stream' }) },
    { name: 'wretch, retry', run: () => wretched.get().res() },
    { name: 'axios, fetch adapter, timeout', run: () => client.get(url) },
    {
      name: 'cockatiel around fetch',
      // Its timeout aborts the signal when the function is done, so a body must be read inside of it.
      run: () =>
        policy.execute(async ({ signal }) => {
          const response = await base(url, { signal, headers: authorization })
          if (response.body !== null) await response.arrayBuffer()
          return response
        }),
    },
  ]
}
