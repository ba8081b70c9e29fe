import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { faults, faultyServer } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { apiKeyScheme, auth, basicScheme, bearer, bearerFrom, bearerScheme } from '../src/index.ts'

const schemes: [string, (origins: string) => Middleware, number][] = [
  ['bearer', (origins) => bearer('t', { origins }), 1],
  ['bearerFrom', (origins) => bearerFrom(({ reason }) => reason, { origins }), 2],
  ['one scheme', (origins) => auth(basicScheme('me', 'pw'), { origins }), 1],
  ['several schemes', (origins) => auth([bearerScheme('t'), apiKeyScheme('k', {})], { origins }), 2],
]

describe('the URLs that a challenge names are not asked by anybody here: whoever answers chooses them', () => {
  it.each(schemes)('%s', async (_, make, expected) => {
    await using elsewhere = await faultyServer()
    await using server = await faultyServer()
    const parameters = ['resource_metadata', 'authorization_uri', 'as_uri', 'realm', 'issuer'].flatMap((name) => [
      `${name}="${elsewhere.url}/${name}"`,
    ])
    const challenge = `Bearer error="invalid_token", ${parameters.join(', ')}, ApiKey ${parameters.join(', ')}`
    server.route('/videos', faults.status(401, { 'www-authenticate': challenge, link: `<${elsewhere.url}>; rel=meta` }))
    const api = HandlerStack.create().push(make(server.url)).toFetch()
    expect((await api(`${server.url}/videos`)).status).toBe(401)
    expect(server.requests.map(({ path }) => path)).toEqual(Array.from({ length: expected }, () => '/videos'))
    expect(elsewhere.totalSockets).toBe(0)
  })
})
