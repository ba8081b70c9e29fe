import { spawn } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { Readable } from 'node:stream'
import { HandlerStack, release } from '@fetchstack/handler-stack'
import { type FakeClock, type FaultyServer, fakeClock, faults, faultyServer } from '@fetchstack/testing'
import { isTimeoutError, timeout } from '@fetchstack/timeout'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

let server: FaultyServer
let clock: FakeClock

beforeAll(async () => {
  server = await faultyServer({
    routes: {
      'GET /ok': faults.ok({ a: 1 }),
      'HEAD /ok': faults.ok(),
      'GET /empty': faults.status(204),
      'GET /moved': faults.redirect('/ok'),
      'GET /silent': faults.stall(),
      'GET /stalled': faults.stallBody({ sent: 10 }),
      'GET /drip': faults.drip({ bytes: 1, interval: 1 }),
    },
  })
})
afterAll(() => server.close())
beforeEach(() => {
  clock = fakeClock()
})
afterEach(() => {
  expect(clock.pending).toBe(0)
})

function client(after = 100) {
  return HandlerStack.create()
    .push(timeout({ after: after * 3, clock }), 'total-timeout')
    .push(timeout({ after, clock }), 'attempt-timeout')
    .toFetch()
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it should have been rejected'),
    (error: unknown) => error,
  )

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += Buffer.from(chunk).toString()
  return text
}

async function readIntoBuffers(response: Response): Promise<string> {
  const reader = response.body!.getReader({ mode: 'byob' })
  let text = ''
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(3))
    text += Buffer.from(value ?? []).toString()
    if (done) return text
  }
}

const ways: readonly [string, (response: Response) => Promise<unknown>][] = [
  ['text', (response) => response.text()],
  ['json', (response) => response.json()],
  ['arrayBuffer', (response) => response.arrayBuffer()],
  ['blob', (response) => response.blob()],
  ['bytes', (response) => response.bytes()],
  ['for await', (response) => readAll(response.body!)],
  ['byob reader', readIntoBuffers],
  ['pipeTo', (response) => response.body!.pipeTo(new WritableStream())],
  ['pipeThrough', (response) => readAll(response.body!.pipeThrough(new TransformStream()))],
  ['tee', (response) => Promise.all(response.body!.tee().map(readAll))],
  ['clone', (response) => response.clone().text()],
  ['a Response around it', (response) => new Response(response.body, response).text()],
  ['a Node stream', (response) => readAll(Readable.fromWeb(response.body as never))],
]

describe('over the network', () => {
  it('silence in place of headers ends in a TimeoutError, and the connection is closed', async () => {
    const call = caught(client()(`${server.url}/silent`))
    await server.until(({ activeRequests }) => activeRequests === 1)
    await clock.advance(100)
    expect(await call).toMatchObject({ phase: 'headers', layer: 'attempt-timeout' })
    await server.idle()
  })

  it.each(ways)('a body that stalls ends in a TimeoutError, and the connection is closed: %s', async (_, read) => {
    const response = await client()(`${server.url}/stalled`)
    const reading = caught(read(response))
    await clock.advance(100)
    const error = await reading
    expect(isTimeoutError(error)).toBe(true)
    expect(error).toMatchObject({ phase: 'body', layer: 'attempt-timeout', response })
    await server.idle()
  })

  it.each(ways)('a body that comes in time is read as ever: %s', async (_, read) => {
    const plain = await read(await fetch(`${server.url}/ok`))
    const response = await client()(`${server.url}/ok`)
    expect(clock.pending).toBe(2)
    expect(await read(response)).toEqual(plain)
    expect(clock.pending).toBe(0)
  })

  it('a slow body is cut off although every piece of it is quick', async () => {
    const response = await client()(`${server.url}/drip`)
    const reader = response.body!.getReader()
    for (let time = 0; time < 90; time += 10) {
      expect((await reader.read()).done).toBe(false)
      await clock.advance(10)
    }
    await clock.advance(10)
    expect(isTimeoutError(await caught(reader.read()))).toBe(true)
    await server.idle()
  })

  it('a response that nobody reads is cut off too', async () => {
    const response = await client()(`${server.url}/stalled`)
    await clock.advance(100)
    await server.idle()
    expect(isTimeoutError(await caught(response.text()))).toBe(true)
  })

  it('a response that is released stops the clock', async () => {
    release(await client()(`${server.url}/stalled`))
    expect(clock.pending).toBe(0)
    await server.idle()
  })

  it.each([
    ['204', '/empty', 'GET'],
    ['HEAD', '/ok', 'HEAD'],
  ])('a response without a body stops the clock: %s', async (_, path, method) => {
    const response = await client()(server.url + path, { method })
    expect(clock.pending).toBe(0)
    expect(await response.text()).toBe('')
  })

  it('keeps what the response says of itself', async () => {
    const given: Response[] = []
    const api = HandlerStack.create()
      .push(timeout({ after: 100, clock }))
      .push(
        (next) =>
          async function keep(request, call) {
            const response = await next(request, call)
            given.push(response)
            return response
          },
      )
      .toFetch()
    const plain = await fetch(`${server.url}/moved`)
    const response = await api(`${server.url}/moved`)
    expect(response).toBe(given[0])
    for (const name of ['url', 'redirected', 'type', 'status', 'ok'] as const) expect(response[name]).toBe(plain[name])
    expect(response.redirected).toBe(true)
    expect(await response.json()).toEqual(await plain.json())
  })

  it("the caller's abort keeps the identity of its reason, before and after the headers", async () => {
    const reason = { mine: true }
    const before = new AbortController()
    const call = caught(client()(`${server.url}/silent`, { signal: before.signal }))
    await server.until(({ activeRequests }) => activeRequests === 1)
    before.abort(reason)
    expect(await call).toBe(reason)

    for (const [, read] of ways) {
      const after = new AbortController()
      const response = await client()(`${server.url}/stalled`, { signal: after.signal })
      const reading = caught(read(response))
      after.abort(reason)
      expect(await reading).toBe(reason)
      expect(clock.pending).toBe(0)
    }
    await server.idle()
  })

  it('works with a Request, and its own signal', async () => {
    const controller = new AbortController()
    const response = await client()(new Request(`${server.url}/stalled`, { signal: controller.signal }))
    const text = caught(response.text())
    controller.abort('enough')
    expect(await text).toBe('enough')
    await server.idle()
  })
})

describe('what is left behind', () => {
  it('no listener on a signal that 300 calls share', async () => {
    const { signal } = new AbortController()
    const api = client()
    const paths = ['/ok', '/empty', '/stalled', '/moved']
    for (let i = 0; i < 300; i++) {
      const response = await api(server.url + paths[i % 4]!, { signal })
      if (i % 4 === 2) release(response)
      else await response.text()
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('no listener and no warning when 300 calls are under way at once', async () => {
    const warnings = vi.fn<(warning: Error) => void>()
    process.on('warning', warnings)
    const { signal } = new AbortController()
    const api = client()
    const texts = await Promise.all(
      Array.from({ length: 300 }, async () => (await api(`${server.url}/ok`, { signal })).text()),
    )
    expect(new Set(texts)).toEqual(new Set(['{"a":1}']))
    expect(getEventListeners(signal, 'abort')).toEqual([])
    process.off('warning', warnings)
    expect(warnings).not.toHaveBeenCalled()
  })

  it('no timer of the platform', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    const api = HandlerStack.create().push(timeout(60_000), 'total').push(timeout(50_000), 'attempt').toFetch()
    const { signal } = new AbortController()
    const calls = Array.from({ length: 20 }, async () => (await api(`${server.url}/ok`, { signal })).text())
    await Promise.all(calls)
    await caught(api(`${server.url}/ok`, { signal: AbortSignal.abort() }))
    await caught(api(server.refusedUrl))
    expect(timers()).toBeLessThanOrEqual(before)
  })

  it('at most 3 open sockets after 40 calls that each drop a response', async () => {
    await using fresh = await faultyServer({ routes: { 'GET /big': faults.ok('x'.repeat(200_000)) } })
    const api = client()
    for (let i = 0; i < 40; i++) release(await api(`${fresh.url}/big`))
    await fresh.until(({ openSockets }) => openSockets <= 3)
    expect(fresh.count()).toBe(40)
  })

  it('no socket of a response that came too late', async () => {
    await using late = await faultyServer({ routes: { 'GET /late': faults.stallBody() } })
    let settle = () => {}
    const held = new Promise<void>((resolve) => (settle = resolve))
    const api = HandlerStack.create()
      .push(timeout({ after: 100, clock }))
      // A layer that keeps the abort from what is inside it.
      .push(
        (next) =>
          async function deaf(request, call) {
            const response = await next(request.with({ signal: new AbortController().signal }), call)
            await held
            return response
          },
      )
      .toFetch()
    const call = caught(api(`${late.url}/late`))
    await late.until(({ activeRequests }) => activeRequests === 1)
    await clock.advance(100)
    expect(isTimeoutError(await call)).toBe(true)
    settle()
    await late.idle()
  })

  it('no process that can not end', async () => {
    const code = `
      import { HandlerStack } from '@fetchstack/handler-stack'
      import { timeout } from '@fetchstack/timeout'
      const api = HandlerStack.create().push(timeout(600_000)).toFetch()
      const response = await api(process.argv[1])
      console.log(response.status)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, `${server.url}/ok`], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 4_000,
    })
    const output = readAll(child.stdout)
    const [exitCode] = await once(child, 'exit')
    expect(await output).toBe('200\n')
    expect(exitCode).toBe(0)
  })
})

describe('what it costs', () => {
  it('no Request, Response or Headers, beyond what fetch itself makes', async () => {
    const made: string[] = []
    for (const name of ['Request', 'Response', 'Headers'] as const) {
      vi.stubGlobal(
        name,
        new Proxy(globalThis[name], {
          construct(target, args, newTarget) {
            made.push(name)
            return Reflect.construct(target, args, newTarget) as object
          },
        }),
      )
    }
    const api = client()
    await (await api(`${server.url}/ok`)).text()
    await readAll((await api(`${server.url}/ok`)).body!)
    await api(`${server.url}/empty`)
    vi.unstubAllGlobals()
    expect(made).toEqual([])
  })
})
