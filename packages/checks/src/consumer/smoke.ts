// Runs in an empty project where the tarballs are installed, and is type-checked there.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bearer } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { retry } from '@fetchstack/retry'
import { timeout } from '@fetchstack/timeout'
import ky from 'ky'

const entries = process.argv.slice(2)
assert.ok(entries.length > 0, 'Give the entries to import.')
for (const entry of entries) {
  assert.match(
    import.meta.resolve(entry),
    /\/node_modules\/@fetchstack\/[^/]+\/dist\//,
    `${entry} is not the built file`,
  )
  const exported = Object.keys((await import(entry)) as object)
  assert.ok(exported.length > 0, `${entry} exports nothing`)
}

const seen: (string | undefined)[] = []
const server = createServer((request, response) => {
  seen.push(request.headers.authorization)
  const failing = seen.length % 2 === 1
  response.writeHead(failing ? 503 : 200, failing ? { 'retry-after': '0' } : {})
  response.end(failing ? 'busy' : 'hello')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const stack = HandlerStack.create()
  .push(timeout(30_000), 'total-timeout')
  .push(retry({ maxAttempts: 3 }))
  .push(timeout(10_000), 'attempt-timeout')
  .push(bearer('token', { origins: [origin] }))
const api: typeof fetch = stack.toFetch()

// @ts-expect-error If this compiles, the declarations resolve to `any`.
assert.throws(() => retry({ maxAttemps: 3 }), /maxAttempts/)
// @ts-expect-error And so does the stack.
assert.throws(() => stack.before('retri', timeout(1_000)), /retry/)

try {
  const response = await api(`${origin}/plain`)
  assert.equal(response.status, 200)
  assert.equal(await response.text(), 'hello')
  assert.equal(await ky.create({ fetch: api, retry: 0, timeout: false }).get(`${origin}/ky`).text(), 'hello')
  assert.deepEqual(seen, Array(4).fill('Bearer token'))
} finally {
  server.closeAllConnections()
  server.close()
}
console.log(`${entries.length} entries load; 503 then 200 gives 200, with plain fetch and with ky.`)
