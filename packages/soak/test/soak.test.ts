import { seededRandom } from '@fetchstack/backoff'
import { describe, expect, test } from 'vitest'
import { type Report, soakStack } from '../src/call.ts'
import { growth, type Held } from '../src/measure.ts'
import { startPeer } from '../src/peer.ts'
import { plan } from '../src/plan.ts'
import { disagreements, round } from '../src/round.ts'

const held: Held = { heap: 20_000_000, sockets: 200, timers: 0, listeners: 0 }
const looks = (change: (round: number) => Partial<Held>): Held[] =>
  Array.from({ length: 9 }, (_, round) => ({ ...held, ...change(round) }))

describe('growth', () => {
  test('is not told of what goes up and down', () => {
    expect(
      growth(looks((round) => ({ heap: 20_000_000 + (round % 2) * 1_000_000, sockets: 200 + (round % 3) }))),
    ).toEqual([])
  })

  test.each([
    ['heap', 1_000_000],
    ['sockets', 10],
    ['timers', 1],
    ['listeners', 1],
  ] as const)('of %s by %d a round is told', (name, step) => {
    expect(growth(looks((round) => ({ [name]: held[name] + round * step })))).toEqual([
      expect.stringMatching(new RegExp(`^${name} grew from \\d+ to \\d+ over 9 rounds`)),
    ])
  })

  test('can not be told from a few rounds, and says so', () => {
    expect(growth([held, held])).toEqual([expect.stringContaining('Only 2 rounds')])
  })
})

describe('disagreements', () => {
  const counted = (seen: number) => ({ requests: { a: seen }, openSockets: 0, activeRequests: 0 })
  const report = (changes: Partial<Report>): Report => ({
    plan: { id: 'a', method: 'GET', body: 'none', script: '503,200', use: 'read', abortAfter: 0 },
    sent: 2,
    cut: 0,
    told: 2,
    outcome: 'response 200',
    ...changes,
  })

  test('are none when the server, the trail and the stack say the same', () => {
    expect(disagreements([report({})], counted(2))).toEqual([])
  })

  test('a request that was given up before an answer may have reached the server or not', () => {
    expect(disagreements([report({ cut: 1 })], counted(1))).toEqual([])
    expect(disagreements([report({ cut: 1 })], counted(2))).toEqual([])
    expect(disagreements([report({ cut: 1 })], counted(0))).toHaveLength(1)
  })

  test.each([
    ['the server saw one more', report({}), 3],
    ['the server saw one less', report({}), 1],
    ['the trail tells of another number', report({ told: 3 }), 2],
    ['the call did not settle', report({ outcome: 'unsettled' }), 2],
  ])('%s', (_, one, seen) => {
    expect(disagreements([one], counted(seen))).toHaveLength(1)
  })
})

test('one seed plans the same calls', () => {
  const planned = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 50 }, (_, index) => plan(String(index), random))
  }
  expect(planned(1)).toEqual(planned(1))
  expect(planned(1)).not.toEqual(planned(2))
})

test('a round of mixed faults settles, and all counts agree', async () => {
  const peer = await startPeer()
  try {
    const random = seededRandom(11)
    const fetch = soakStack(peer.url, peer.refusedUrl, random).toFetch()
    const shared = new AbortController().signal
    const reports = await round(fetch, peer, shared, { calls: 150, concurrency: 50, random, prefix: 't' })
    expect(reports).toHaveLength(150)
    expect(disagreements(reports, await peer.take())).toEqual([])
  } finally {
    await peer.close()
  }
})
