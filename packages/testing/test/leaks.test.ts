import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { faults } from '../src/index.ts'
import { start } from './helpers.ts'

describe('nothing is left behind', () => {
  it('after 200 mixed requests and close(), no socket and no request is left, and the process ends by itself', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('fixtures/mixed-requests.ts', import.meta.url))])
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    // Only ends what hangs; the exit code tells it from an end of its own.
    const timer = setTimeout(() => child.kill(), 20_000)
    const code = await new Promise((resolve) => child.once('close', resolve))
    clearTimeout(timer)
    expect({ code, output }).toEqual({
      code: 0,
      output: '200 requests, some left to close(), 0 sockets, 0 under way, 0 handles\n',
    })
  }, 30_000)

  it('the counter tells unread answers, which hold their sockets, from cancelled ones', async () => {
    const server = await start({ routes: { '*': faults.ok(new Uint8Array(200_000)) } })
    for (let index = 0; index < 40; index++) await (await fetch(server.url)).body?.cancel()
    await server.until(() => server.openSockets <= 3)
    await server.refuse()
    await server.accept()
    const unread: Response[] = []
    for (let index = 0; index < 40; index++) unread.push(await fetch(server.url))
    expect(server.openSockets).toBe(40)
    expect(server.count()).toBe(80)
  })
})
