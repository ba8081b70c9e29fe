import { type FetchInput, fetchHandler, HttpRequest } from '@fetchstack/handler-stack'
import { checkFunction, checkOneOf, checkOptions, OptionError, refuse } from '@fetchstack/options'
import { Agent, buildConnector, FormData, fetch } from 'undici'
import { MtlsError } from './errors.ts'
import { readIdentity } from './identity.ts'
import { covers, readOrigins } from './origins.ts'
import { translate } from './translate.ts'
import type { MtlsHandler, MtlsOptions, UndiciModule } from './types.ts'

/**
 * Sends requests with a client certificate (mutual TLS), to the origins that are named, and to no other: each connection is made for one
 * origin, so no redirect, no header and no pool can take the certificate elsewhere.
 *
 * It is a handler for the end of a stack, on undici's own `fetch` with an `Agent` of the same copy: Node's `fetch` may be of another
 * version, and fails with it. It gives the responses and errors of that `fetch`, which are those of Node's; only `instanceof` tells
 * them apart. `Request` and `FormData` of Node are taken. An abort ends the request as it does there.
 *
 * @throws {OptionError} When it is made: an option can't be used, or certificate and key are no pair. Nothing of a key is in it.
 * @throws {MtlsError} As a rejection of the call: see `MtlsErrorKind`.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { mtls } from '@fetchstack/mtls'
 *
 * await using handler = mtls({
 *   origins: 'https://bank.example.com',
 *   cert: await readFile('client.crt'),
 *   key: await readFile('client.key'),
 * })
 * const api = HandlerStack.create(handler).toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function mtls(options: MtlsOptions): MtlsHandler {
  checkOptions('mtls', options, known)
  const { outside = 'pass', undici = { Agent, buildConnector, FormData, fetch } } = options ?? ({} as MtlsOptions)
  const rules = readOrigins(options?.origins)
  checkOneOf('mtls', 'outside', outside, ['pass', 'error'])
  for (const name of ['Agent', 'buildConnector', 'FormData', 'fetch'] as const) {
    checkFunction('mtls', `undici.${name}`, undici?.[name])
  }
  const refuseOutside = (origin: string): MtlsError | undefined =>
    outside === 'error' && !covers(rules, origin)
      ? new MtlsError('OUTSIDE', origin, 'it is not among the origins of the certificate.')
      : undefined
  const dispatcher = agentFor(options, rules, undici, refuseOutside)

  async function mtls(input: FetchInput, init?: RequestInit): Promise<Response> {
    const request = HttpRequest.from(input, init)
    const error = refuseOutside(request.origin)
    if (error !== undefined) throw error
    const { url, init: fields } = translate(request, undici)
    if (fields['dispatcher'] !== undefined) {
      throw new MtlsError('DISPATCHER', request.origin, 'the call has a dispatcher of its own. Leave it out.')
    }
    try {
      return (await undici.fetch(url, { ...fields, dispatcher })) as unknown as Response
    } catch (error) {
      // What the connector says comes wrapped in "fetch failed".
      const { cause } = Object(error) as { cause?: unknown }
      throw cause instanceof MtlsError ? cause : error
    }
  }

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= dispatcher.close())
  const destroy = (): Promise<void> => (closing = dispatcher.destroy())
  return Object.assign(fetchHandler(mtls), { fetch: mtls, close, destroy, [Symbol.asyncDispose]: close })
}

const known = ['origins', 'cert', 'key', 'passphrase', 'ca', 'servername', 'outside', 'agent', 'undici']

/** An agent whose connections know their origin: those of the rules are made with the certificate, all others without. */
function agentFor(
  options: MtlsOptions,
  rules: readonly string[],
  { Agent, buildConnector }: UndiciModule,
  refuseOutside: (origin: string) => Error | undefined,
): Agent {
  const { servername, agent = {} } = options
  if (servername !== undefined && (typeof servername !== 'string' || servername === '')) {
    refuse('mtls', 'servername', servername, 'a host name')
  }
  if (Object(agent) !== agent) refuse('mtls', 'agent', agent, "an object with options of undici's Agent")
  for (const name of ['connect', 'factory']) {
    if (name in agent) throw new OptionError('mtls', `agent.${name}`, `agent.${name} would go past the certificate.`)
  }
  // With a connector of our own, undici leaves these to us.
  const { connectTimeout, allowH2, maxCachedSessions } = agent
  const shared = {
    ...(connectTimeout !== undefined && { timeout: connectTimeout }),
    ...(allowH2 !== undefined && { allowH2 }),
    ...(maxCachedSessions !== undefined && { maxCachedSessions }),
  }
  // Each has its own TLS sessions. The environment can't switch the check of the server off: it decides who sees the certificate.
  const inside = buildConnector({ ...shared, secureContext: readIdentity(options), rejectUnauthorized: true })
  const others = buildConnector(shared)
  return new Agent({
    ...agent,
    connect(target, callback) {
      const origin = new URL(`${target.protocol}//${target.host ?? target.hostname}`).origin
      // Not what a `Host` header names, which undici would ask and check for.
      if (covers(rules, origin)) return inside({ ...target, servername: servername ?? '' }, callback)
      const error = refuseOutside(origin)
      if (error === undefined) others(target, callback)
      else callback(error, null)
    },
  })
}
