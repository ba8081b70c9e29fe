import { HandlerStack } from '@fetchstack/handler-stack'
import { type FaultyServer, faultyServer } from '@fetchstack/testing'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type RedirectError, type RedirectOptions, redirect } from '../src/index.ts'

/** Two servers: two origins, for they differ by their port. Started and closed by the test file that calls this. */
export function twoServers(): { home: FaultyServer; away: FaultyServer } {
  const servers = {} as { home: FaultyServer; away: FaultyServer }
  beforeAll(async () => {
    servers.home = await faultyServer()
    servers.away = await faultyServer()
  })
  beforeEach(() => {
    servers.home.reset()
    servers.away.reset()
  })
  afterAll(() => Promise.all([servers.home.close(), servers.away.close()]))
  return servers
}

export function withRedirect(options?: RedirectOptions) {
  return HandlerStack.create().push(redirect(options)).toFetch()
}

/** What a call is rejected with. */
export async function rejection(sent: Promise<Response>): Promise<RedirectError> {
  return sent.then(
    () => {
      throw new Error('It was not rejected.')
    },
    (error: unknown) => error as RedirectError,
  )
}
