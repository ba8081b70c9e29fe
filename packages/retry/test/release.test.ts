import { HandlerStack } from '@fetchstack/handler-stack'
import { faults, faultyServer } from '@fetchstack/testing'
import { expect, it } from 'vitest'
import { retry } from '../src/index.ts'

it('frees the socket of every response that it replaces: 40 calls that each drop 200 KB leave at most 3 open', async () => {
  const large = faults.status(503, {}, 'x'.repeat(200_000))
  await using server = await faultyServer()
  const api = HandlerStack.create()
    .push(retry({ schedule: () => 1, budget: false }))
    .toFetch()
  for (let i = 0; i < 40; i++) {
    server.route(`GET /${i}`, [large, faults.ok('fine')])
    const response = await api(`${server.url}/${i}`)
    expect(await response.text()).toBe('fine')
  }
  expect(server.count()).toBe(80)
  await server.until(({ openSockets }) => openSockets <= 3)
})

it('frees the response that was at hand when a function of the user throws', async () => {
  await using server = await faultyServer({ routes: { '/': faults.status(503, {}, 'x'.repeat(200_000)) } })
  const bug = new Error('a bug in a rule')
  const api = HandlerStack.create()
    .push(
      retry({
        rules: [
          () => {
            throw bug
          },
        ],
      }),
    )
    .toFetch()
  for (let i = 0; i < 10; i++) await expect(api(server.url)).rejects.toBe(bug)
  expect(server.count()).toBe(10)
  await server.until(({ openSockets }) => openSockets <= 3)
})
