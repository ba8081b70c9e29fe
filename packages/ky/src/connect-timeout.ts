import type { FetchFunction } from '@fetchstack/handler-stack'
import { checkNumber, OptionError } from '@fetchstack/options'
import type * as undici from 'undici'

/**
 * A `fetch` that gives up when no connection stands after `timeout` milliseconds (TCP and TLS together). The standard has
 * no such option; undici's Agent has, with undici's own fetch: Node's may be of another version than the Agent.
 *
 * @throws {OptionError} Not on Node, or undici is not installed.
 */
export function fetchWithConnectTimeout(timeout: number): FetchFunction {
  checkNumber('createClient', 'connectTimeout', timeout, { min: 1, unit: 'milliseconds' })
  const { Agent, fetch } = loadUndici()
  const dispatcher = new Agent({ connect: { timeout } })
  return async function fetchWithConnectTimeout(input, init) {
    // undici does not know Node's own Request and FormData, so they are taken apart; what it is given are plain fields.
    const request = new Request(input, init)
    const { method, headers, signal, redirect, keepalive, referrer, referrerPolicy, integrity } = request
    const body = isSmall(headers) && request.body !== null ? await request.arrayBuffer() : request.body
    const given = init as Record<string, unknown> | undefined
    return fetch(request.url, {
      ...given,
      method,
      headers,
      body,
      signal,
      redirect,
      keepalive,
      referrer,
      referrerPolicy,
      integrity,
      ...(body !== null && { duplex: 'half' }),
      dispatcher,
    } as never) as unknown as Promise<Response>
  }
}

/**
 * Whether the body was in memory, as a rule. It is sent whole then: a stream has no length, and follows no redirect but 303
 * (Fetch standard, "HTTP-redirect fetch": a body without a source).
 */
function isSmall(headers: Headers): boolean {
  return /^application\/(json|x-www-form-urlencoded)\s*(;|$)/i.test(headers.get('content-type') ?? '')
}

function loadUndici(): typeof undici {
  const { process, Bun, Deno } = globalThis as { process?: NodeJS.Process; Bun?: unknown; Deno?: unknown }
  const builtin = process?.getBuiltinModule
  if (Bun !== undefined || Deno !== undefined || typeof builtin !== 'function') {
    throw new OptionError(
      'createClient',
      'connectTimeout',
      'connectTimeout works on Node only: no other runtime lets a fetch bound the connecting alone. Leave it out and use timeout.',
    )
  }
  try {
    return builtin('node:module').createRequire(import.meta.url)('undici') as typeof undici
  } catch (cause) {
    const error = new OptionError(
      'createClient',
      'connectTimeout',
      'connectTimeout needs the package undici, 7 or newer, on a Node that it runs on: pnpm add undici.',
    )
    error.cause = cause
    throw error
  }
}
