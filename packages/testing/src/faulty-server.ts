import { checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import type { FaultyServer, FaultyServerOptions } from './server/types.ts'

/**
 * Starts a real HTTP server on 127.0.0.1 whose faults are scripted: per route, per script in the URL, or per `x-fault` header.
 * It counts requests, connections and received bytes. Close it when the test is over: it keeps the process alive.
 *
 * A request without a route gets a 404, a script that can't be read a 400, a step that throws a 500, each with the header
 * `x-faulty-server` and a text that says what is wrong. Needs Node 22 or newer, or a runtime with `node:http`.
 *
 * @throws {OptionError} An option, a pattern, a step or a script is not valid.
 * @example
 * ```ts
 * import { faults, faultyServer } from '@fetchstack/testing'
 *
 * const server = await faultyServer({
 *   routes: { 'GET /videos': [faults.status(503), faults.reset(), faults.ok({ videos: [] })] },
 * })
 * const response = await fetch(`${server.url}/videos`)
 * console.log(response.status, server.count('GET /videos')) // 503 1
 * await server.close()
 * ```
 */
export async function faultyServer(options: FaultyServerOptions = {}): Promise<FaultyServer> {
  checkOptions('faultyServer', options, ['routes', 'port', 'tls', 'keepBody'])
  const { routes = {}, port = 0, tls = false, keepBody = 0 } = options
  checkOptions('faultyServer.routes', routes, Object.keys(routes))
  checkNumber('faultyServer', 'port', port, { max: 65_535, integer: true })
  checkNumber('faultyServer', 'keepBody', keepBody, { max: Infinity, integer: true, unit: 'bytes' })
  if (typeof tls !== 'boolean') checkCertificate(tls)
  // So that the rest of the package loads where there is no node:http.
  const { startServer } = await import('./server/start.ts')
  return startServer(options)
}

function checkCertificate(options: unknown): void {
  checkOptions('faultyServer.tls', options, ['names', 'validFrom', 'validTo'])
  const { names, validFrom, validTo } = options as Record<string, unknown>
  if (names !== undefined && !(Array.isArray(names) && names.every((name) => typeof name === 'string'))) {
    throw new OptionError('faultyServer.tls', 'names', "names must be a list of strings, like ['localhost'].")
  }
  for (const [option, date] of Object.entries({ validFrom, validTo })) {
    if (date !== undefined && !(date instanceof Date && !Number.isNaN(date.getTime()))) {
      throw new OptionError('faultyServer.tls', option, `${option} must be a valid Date.`)
    }
  }
}
