import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CaseServer } from '../src/contract.ts'
import { ask, remoteServer, remoteStreams } from '../src/remote.ts'
import { type Control, type ControlledStage, startControl } from '../src/server/control.ts'
import { openStalledPort } from '../src/server/stalled-port.ts'
import { createTrust, type Trust } from '../src/server/trust.ts'

let control: Control
let stage: ControlledStage
let server: CaseServer

let folder: string
let trust: Trust

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fetchstack-control-'))
  trust = createTrust(join(folder, 'trusted.pem'))
  control = await startControl(trust)
  stage = await control.openStage()
  server = remoteServer(stage)
})
afterEach(async () => {
  await stage.close()
  await control.close()
  rmSync(folder, { recursive: true })
})

describe('the servers of a case, from inside a runtime', () => {
  it('tell of both origins in the order of arrival, with one count of connections', async () => {
    await (await fetch(server.script('201'), { method: 'POST', body: 'first' })).text()
    await (await fetch(server.script('200', server.otherUrl), { headers: { 'x-tag': 'second' } })).text()
    await (await fetch(server.script('200'))).text()
    const { requests, totalSockets } = await server.until({ requests: 3, activeRequests: 0 })
    expect(requests).toMatchObject([
      { number: 1, method: 'POST', text: 'first', bodyBytes: 5, complete: true, aborted: false, socket: 1 },
      { number: 2, method: 'GET', headers: { 'x-tag': 'second' }, socket: 2 },
      { number: 3, url: '/script/200/3', socket: 1 },
    ])
    expect(totalSockets).toBe(2)
    expect(requests[0]?.sha256).toBe('a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e')
  })

  it('are not disturbed by being looked at', async () => {
    await server.look()
    expect(await server.look()).toEqual({ openSockets: 0, totalSockets: 0, activeRequests: 0, requests: [] })
  })

  it('cut the text of a large body, and count and digest it whole', async () => {
    await (await fetch(server.script('200'), { method: 'POST', body: 'x'.repeat(100_000) })).text()
    const [request] = (await server.look()).requests
    expect(request).toMatchObject({ bodyBytes: 100_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(request?.text).toHaveLength(65_536)
  })

  it('forget on reset, and start scripts anew', async () => {
    const address = server.script('503,200')
    expect([await statusOf(address), await statusOf(address)]).toEqual([503, 200])
    await server.reset()
    expect(await statusOf(address)).toBe(503)
    expect((await server.look()).requests).toHaveLength(1)
  })

  it('refuse and accept on demand', async () => {
    const address = server.script('200')
    await server.refuse()
    await expect(fetch(address)).rejects.toThrow('fetch failed')
    await server.accept()
    expect(await statusOf(address)).toBe(200)
  })

  it('say what they are like when a wait is over', async () => {
    await fetch(server.script('200'))
    await expect(server.until({ requests: 2 }, 20)).rejects.toThrow(
      /^Not within 20 ms: {"requests":2}\. The servers: .*"requests":\["GET \/script\/200\/1"\]/,
    )
  })

  it('wait for the other origin too', async () => {
    const waiting = server.until({ requests: 1 })
    await fetch(server.script('200', server.otherUrl))
    expect((await waiting).requests).toHaveLength(1)
  })

  it('quote what is special in a path, and keep what is encoded', async () => {
    const response = await fetch(server.script('200;x-tag=a%2Cb; body=what? #1'))
    expect([response.headers.get('x-tag'), await response.text()]).toEqual(['a,b', 'what? #1'])
  })

  it('name a script that can not be read', async () => {
    await fetch(server.script('explode'))
    expect(stage.problems()).toEqual([expect.stringContaining('there is no fault "explode"')])
  })

  it('are gone when the case is over', async () => {
    await stage.close()
    await expect(server.look()).rejects.toThrow('the case is over')
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })
})

it('the control server refuses an action that there is not, in words', async () => {
  await expect(ask(`${stage.control}/explode`)).rejects.toThrow('The servers have no "explode".')
})

it('the HTTP/2 server plays its steps, and counts what came', async () => {
  const { streams } = stage
  const address = new URL(`${stage.streamsUrl}/streams/201/1`)
  const status = await new Promise((resolve) => {
    request(address, { ca: trust.cert, method: 'PUT' }, (answer) => resolve(answer.statusCode)).end('four')
  })
  expect(status).toBe(201)
  expect(streams).toEqual([{ method: 'PUT', path: '/streams/201/1', protocol: 'HTTP/1.1', step: '201', bodyBytes: 4 }])
  expect(await remoteStreams({ ...stage, streamsUrl: stage.streamsUrl })?.look()).toEqual(streams)
})

it('a stalled port neither accepts nor refuses, until it is closed', async () => {
  // Other systems may go on accepting: then there is none.
  const stalled = await openStalledPort()
  expect(stalled !== undefined || process.platform !== 'linux').toBe(true)
  stalled?.close()
  await expect(fetch(stalled?.url ?? stage.refusedUrl)).rejects.toThrow('fetch failed')
})

async function statusOf(address: string): Promise<number> {
  const response = await fetch(address)
  await response.text()
  return response.status
}
