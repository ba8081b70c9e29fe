import { apiKey, bearer } from '@fetchstack/auth'
import { type FetchFunction, fetchHandler, HandlerStack, type Middleware, withOptions } from '@fetchstack/handler-stack'
import { detectClientRetries } from '@fetchstack/handler-stack/middleware'
import { retry } from '@fetchstack/retry'
import type { FaultyServer } from '@fetchstack/testing'
import { timeout } from '@fetchstack/timeout'
import type { ClientEntry, Setting } from './contract.ts'

/** What differs from check to check. Times in milliseconds. */
export interface Plan {
  /** Default 4. */
  readonly maxAttempts?: number
  /** Between two attempts. Default 10. */
  readonly wait?: number
  /** Bound of an attempt. Default 5,000. */
  readonly attempt?: number
  /** What the stack does with a credential that is there. Default: the default of `auth`, which keeps it. */
  readonly existing?: 'replace'
  /** The credential of the client. Default: none. */
  readonly credential?: string
  /** Per-call options that are bound to the fetch. */
  readonly bound?: object
  /** Told each decision of the retry before its wait. */
  readonly onDecision?: () => void
  /** Told when the client resends on its own. */
  readonly onWarning?: (warning: string) => void
  /** A stack whose layers do nothing, and the platform's own `fetch`: what the client sends by itself. */
  readonly bare?: true
}

export const STACK_CREDENTIAL = 'of-the-stack'

const TOTAL = 20_000

// Taken before the run replaces it: whatever goes past the stack must fail.
const realFetch: FetchFunction = globalThis.fetch

/** A client whose base URL was not taken must not call its vendor. */
const loopbackFetch: FetchFunction = async (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input)
  if (hostname !== '127.0.0.1') throw new Error(`The client called ${hostname}, and not the server of the test.`)
  return realFetch(input, init)
}

const nothing: Middleware = (next) => next
const idle = HandlerStack.create(fetchHandler(loopbackFetch))
  .push(nothing, 'total-timeout')
  .push(nothing, 'retry')
  .push(nothing, 'attempt-timeout')
  .push(nothing, 'auth')

/** The stack that all clients are put on, and what else they are made from. */
export function setting(server: FaultyServer, { credential: { header } = {} }: ClientEntry, plan: Plan = {}): Setting {
  const { maxAttempts = 4, wait = 10, attempt = 5_000, existing, credential, bound, onDecision, onWarning, bare } = plan
  const policy = { maxAttempts, schedule: () => wait, onDecision: () => onDecision?.() }
  const where = { origins: [server.url], ...(existing && { existing }) }
  const stack = HandlerStack.create(fetchHandler(loopbackFetch))
    .push(detectClientRetries((warning) => onWarning?.(warning)))
    .push(timeout(TOTAL), 'total-timeout')
    .push(retry(policy))
    .push(timeout(attempt), 'attempt-timeout')
    .push(header === undefined ? bearer(STACK_CREDENTIAL, where) : apiKey(STACK_CREDENTIAL, { header }, where), 'auth')
  const fetch = stack.toFetch()
  return {
    fetch: bare ? realFetch : bound === undefined ? fetch : withOptions(fetch, bound),
    stack: (bare ? idle : stack) as unknown as HandlerStack<string>,
    baseUrl: server.url,
    policy,
    limits: { total: TOTAL, attempt },
    credential,
  }
}

/** Makes sure that nothing is sent past the stack. Returns the way back. */
export function forbidGlobalFetch(): () => void {
  globalThis.fetch = async () => {
    throw new Error('The client called globalThis.fetch instead of the fetch that it was given.')
  }
  return () => {
    globalThis.fetch = realFetch
  }
}
