import { faultyServer } from '@fetchstack/testing'

// Runs as a child of peer.ts and talks to it by messages.

const server = await faultyServer({ keepBody: 0 })

async function take(): Promise<object> {
  await server.idle({ timeout: 10_000 })
  const requests: Record<string, number> = {}
  for (const { headers } of server.requests) {
    const call = headers['x-call'] ?? 'none'
    requests[call] = (requests[call] ?? 0) + 1
  }
  const counted = { requests, openSockets: server.openSockets, activeRequests: server.activeRequests }
  server.reset()
  return counted
}

process.on('message', (message) => {
  if (message === 'close') void server.close().then(() => process.disconnect())
  else void take().then((counted) => process.send!(counted))
})
process.on('disconnect', () => process.exit())
process.send!({ url: server.url, refusedUrl: server.refusedUrl })
