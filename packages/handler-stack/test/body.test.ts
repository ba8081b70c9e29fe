import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { release } from '@fetchstack/handler-stack'
import { watchBody } from '@fetchstack/handler-stack/body'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

// Not with the faulty server of @fetchstack/testing, which stands on this package.
let url: string
const server = createServer(((request, response) => {
  if (request.url === '/redirect') {
    response.writeHead(302, { location: '/json' }).end()
  } else if (request.url === '/form') {
    response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' }).end('a=1')
  } else if (request.url === '/reset') {
    response.writeHead(200, { 'content-length': '10' })
    response.write('12345', () => setImmediate(() => request.socket.resetAndDestroy()))
  } else if (request.url === '/stall') {
    response.writeHead(200, { 'content-length': '10' })
    response.write('12345')
  } else if (request.url === '/empty') {
    response.writeHead(204).end()
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}')
  }
}) satisfies RequestListener)

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})

function watch(response: Response) {
  const onEnd = vi.fn<() => void>()
  return { response, onEnd, body: watchBody(response, onEnd) }
}

async function watchedFetch(path: string, init?: RequestInit) {
  return watch(await fetch(url + path, init))
}

/** A body that gives `chunks` and then stays silent, whatever happens to the request. */
function silent(...chunks: readonly Uint8Array<ArrayBuffer>[]) {
  const cancel = vi.fn<(reason: unknown) => void>()
  const left = [...chunks]
  const stream = new ReadableStream({
    type: 'bytes',
    pull: (controller) => {
      const chunk = left.shift()
      if (chunk === undefined) return new Promise<void>(() => {})
      controller.enqueue(chunk)
      return undefined
    },
    cancel,
  })
  return { ...watch(new Response(stream)), cancel }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const turn = () => new Promise((resolve) => setImmediate(resolve))

async function chunksOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  return Buffer.concat(await chunksOf(stream)).toString()
}

describe('the end of a body', () => {
  it.each([
    ['text', '/json', (value: unknown) => expect(value).toBe('{"a":1}')],
    ['json', '/json', (value: unknown) => expect(value).toEqual({ a: 1 })],
    ['arrayBuffer', '/json', (value: unknown) => expect((value as ArrayBuffer).byteLength).toBe(7)],
    ['bytes', '/json', (value: unknown) => expect((value as Uint8Array).byteLength).toBe(7)],
    ['blob', '/json', (value: unknown) => expect((value as Blob).type).toBe('application/json')],
    ['formData', '/form', (value: unknown) => expect((value as FormData).get('a')).toBe('1')],
  ] as const)('%s() reads it as ever, and ends it before it resolves', async (method, path, check) => {
    const { response, onEnd } = await watchedFetch(path)
    await turn()
    expect(onEnd).not.toHaveBeenCalled()
    const value = await response[method]()
    expect(onEnd).toHaveBeenCalledOnce()
    check(value)
    expect(response.bodyUsed).toBe(true)
    await expect(response[method]()).rejects.toThrow(TypeError)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it.each([
    [
      'a reader',
      async (body: ReadableStream<Uint8Array>) => {
        const reader = body.getReader()
        while (!(await reader.read()).done);
      },
    ],
    ['for await', readAll],
    ['pipeTo', (body: ReadableStream<Uint8Array>) => body.pipeTo(new WritableStream())],
    ['pipeThrough', (body: ReadableStream<Uint8Array>) => readAll(body.pipeThrough(new TransformStream()))],
    ['tee', (body: ReadableStream<Uint8Array>) => Promise.all(body.tee().map(readAll))],
    ['another Response', (body: ReadableStream<Uint8Array>) => new Response(body).text()],
    ['a Node stream', (body: ReadableStream<Uint8Array>) => chunksOf(Readable.fromWeb(body as never))],
    ['the body of a request', (body: ReadableStream<Uint8Array>) => post(body)],
  ])('is when it was read to the end through response.body: %s', async (_, read) => {
    const { response, onEnd } = await watchedFetch('/json')
    await read(response.body!)
    expect(onEnd).toHaveBeenCalledOnce()
    expect(response.bodyUsed).toBe(true)
  })

  async function post(body: ReadableStream): Promise<void> {
    const answer = await fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    await answer.text()
  }

  it.each([
    ['release', async (response: Response) => release(response)],
    ['body.cancel()', (response: Response) => response.body!.cancel()],
    ['reader.cancel()', (response: Response) => response.body!.getReader().cancel()],
    [
      'a loop that is left',
      async (response: Response) => {
        for await (const chunk of response.body!) if (chunk) break
      },
    ],
  ])('is when it was cancelled: %s', async (_, cancel) => {
    const { response, onEnd } = await watchedFetch('/stall')
    await cancel(response)
    expect(onEnd).toHaveBeenCalledOnce()
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it.each([
    ['text()', (response: Response) => response.text()],
    ['response.body', (response: Response) => readAll(response.body!)],
  ])('is when reading it failed, and the error is the one of the platform: %s', async (_, read) => {
    const plain = await read(await fetch(`${url}/reset`)).catch(String)
    const { response, onEnd } = await watchedFetch('/reset')
    await expect(read(response).catch(String)).resolves.toBe(plain)
    expect(plain).toMatch('TypeError')
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('is when the body was read but is not what it should be', async () => {
    const { response, onEnd } = watch(new Response('not JSON'))
    await expect(response.json()).rejects.toThrow(SyntaxError)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it.each([
    ['204', () => fetch(`${url}/empty`)],
    ['HEAD', () => fetch(url, { method: 'HEAD' })],
    ['Response(null)', () => new Response(null)],
    ['Response.error()', () => Response.error()],
  ])('is at once when there is none: %s', async (_, make) => {
    const response = await make()
    const { prototype } = Response
    const { onEnd, body } = watch(response)
    expect(onEnd).toHaveBeenCalledOnce()
    expect(body).toBeUndefined()
    expect(Object.getPrototypeOf(response)).toBe(prototype)
  })

  it('is at once when it was read before', async () => {
    const response = new Response('x')
    await response.text()
    expect(watch(response).onEnd).toHaveBeenCalledOnce()
  })

  it('is told to all that watch, and at once to one that comes later', async () => {
    const { response, onEnd } = await watchedFetch('/json')
    const second = watch(response)
    await response.text()
    expect(onEnd).toHaveBeenCalledOnce()
    expect(second.onEnd).toHaveBeenCalledOnce()
    expect(watch(response).onEnd).toHaveBeenCalledOnce()
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('is not when reading was refused', async () => {
    const { response, onEnd, body } = silent(bytes('a'))
    const text = response.text()
    await expect(response.text()).rejects.toThrow(TypeError)
    await expect(response.json()).rejects.toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
    expect(onEnd).not.toHaveBeenCalled()
    body!.fail(new Error('over'))
    await expect(text).rejects.toThrow('over')
  })

  it('is not told by a frozen response, whose body can be read all the same', async () => {
    const response = Object.freeze(new Response('x'))
    const { onEnd, body } = watch(response)
    expect(body).toBeUndefined()
    expect(watch(response).body).toBeUndefined()
    expect(await response.text()).toBe('x')
    expect(onEnd).not.toHaveBeenCalled()
  })

  it('is not told when somebody held the body before', async () => {
    const response = new Response('x')
    const reader = response.body!.getReader()
    const { onEnd } = watch(response)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(response.body?.locked).toBe(true)
    expect(onEnd).not.toHaveBeenCalled()
    reader.releaseLock()
    expect(await response.text()).toBe('x')
    expect(onEnd).toHaveBeenCalledOnce()
  })
})

describe('the response', () => {
  it('is what it was', async () => {
    const plain = await fetch(`${url}/redirect`)
    const { response } = await watchedFetch('/redirect')
    for (const name of ['url', 'redirected', 'type', 'status', 'statusText', 'ok', 'bodyUsed'] as const) {
      expect([name, response[name]]).toEqual([name, plain[name]])
    }
    expect(response.redirected).toBe(true)
    expect(response).toBeInstanceOf(Response)
    expect(response.constructor).toBe(Response)
    expect(Object.prototype.toString.call(response)).toBe('[object Response]')
    expect(Reflect.ownKeys(response)).toEqual(Reflect.ownKeys(plain))
    expect(response.headers.get('content-type')).toBe('application/json')
    const names = (one: Response): string[] => {
      const found: string[] = []
      for (const name in one) found.push(name)
      return found.toSorted()
    }
    expect(names(response)).toEqual(names(plain))
    release(plain)
    release(response)
  })

  it('gets a prototype that all of its kind share', () => {
    const [one, other] = [watch(new Response('a')).response, watch(new Response('b')).response]
    expect(Object.getPrototypeOf(one)).toBe(Object.getPrototypeOf(other))
    expect(Object.getPrototypeOf(Object.getPrototypeOf(one))).toBe(Response.prototype)
  })

  it('of a class that extends Response keeps what that adds', async () => {
    class Special extends Response {
      override get url(): string {
        return 'special:'
      }
      override async text(): Promise<string> {
        return `${await super.text()}!`
      }
    }
    const { response, onEnd } = watch(new Special('x'))
    expect(response).toBeInstanceOf(Special)
    expect(response.url).toBe('special:')
    expect(await response.text()).toBe('x!')
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('does not lend its watch to another one', async () => {
    const { response, onEnd } = watch(new Response('a'))
    const { text, clone } = response
    expect(await text.call(new Response('b'))).toBe('b')
    expect(await clone.call(new Response('c')).text()).toBe('c')
    const other = new Response('d')
    expect(Reflect.get(Object.getPrototypeOf(response), 'body', other)).toBe(other.body)
    expect(onEnd).not.toHaveBeenCalled()
  })
})

describe('response.body', () => {
  it('is one stream, and looking at it reads nothing', async () => {
    const { response, onEnd } = await watchedFetch('/json')
    expect(response.body).toBe(response.body)
    expect(response.body?.locked).toBe(false)
    await turn()
    expect(response.bodyUsed).toBe(false)
    expect(onEnd).not.toHaveBeenCalled()
    expect(await response.text()).toBe('{"a":1}')
    expect(response.body?.locked).toBe(true)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('is locked while a method reads', async () => {
    const { response } = await watchedFetch('/json')
    const text = response.text()
    expect(response.bodyUsed).toBe(true)
    expect(response.body?.locked).toBe(true)
    await text
    expect(response.body?.locked).toBe(true)
  })

  it('can be read by one at a time', async () => {
    const { response, onEnd } = await watchedFetch('/json')
    const reader = response.body!.getReader()
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
    expect(response.bodyUsed).toBe(false)
    expect(onEnd).not.toHaveBeenCalled()
    reader.releaseLock()
    expect(await response.text()).toBe('{"a":1}')
  })

  it('says that it is used once something was read, and is not for text() then', async () => {
    const { response } = await watchedFetch('/stall')
    const reader = response.body!.getReader()
    await reader.read()
    expect(response.bodyUsed).toBe(true)
    reader.releaseLock()
    await expect(response.text()).rejects.toThrow(TypeError)
    release(response)
  })

  it('fills the buffers of a byob reader', async () => {
    const { response, onEnd } = await watchedFetch('/json')
    const reader = response.body!.getReader({ mode: 'byob' })
    let text = ''
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(4))
      text += Buffer.from(value ?? []).toString()
      if (done) break
    }
    expect(text).toBe('{"a":1}')
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('is read no further than it is asked for', async () => {
    let pulled = 0
    const source = new ReadableStream(
      {
        type: 'bytes',
        pull: (controller) => controller.enqueue(bytes(String(pulled++))),
      },
      { highWaterMark: 0 },
    )
    const { response } = watch(new Response(source))
    const reader = response.body!.getReader()
    await turn()
    expect(pulled).toBe(0)
    await reader.read()
    await reader.read()
    await turn()
    expect(pulled).toBe(2)
  })

  it('of chunks that are no bytes gives them as they are', async () => {
    const source = new ReadableStream({
      start(controller) {
        controller.enqueue('a')
        controller.enqueue(new Uint8Array(0))
        controller.close()
      },
    })
    const { response, onEnd } = watch(new Response(source))
    expect(() => response.body!.getReader({ mode: 'byob' })).toThrow(TypeError)
    expect(await chunksOf(response.body as ReadableStream<unknown>)).toEqual(['a', new Uint8Array(0)])
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('passes the reason of a cancellation on', async () => {
    const { response, cancel } = silent()
    await response.body!.cancel('enough')
    expect(cancel).toHaveBeenCalledExactlyOnceWith('enough')
  })

  it('outlives its response, although Node cancels the body of a response that was collected', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const readerOf = async () => {
      const { response } = await watchedFetch('/json')
      return response.body!.getReader()
    }
    const reader = await readerOf()
    for (let i = 0; i < 3; i++) {
      await turn()
      collect()
    }
    await turn()
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('{"a":1}')
  })
})

describe('clone()', () => {
  it.each([
    ['the original', 0],
    ['the copy', 1],
  ])('the first that is read to the end ends the body: %s', async (_, index) => {
    const { response, onEnd } = await watchedFetch('/json')
    const both = [response, response.clone()]
    expect(await both[index]!.text()).toBe('{"a":1}')
    expect(onEnd).toHaveBeenCalledOnce()
    expect(await readAll(both[1 - index]!.body!)).toBe('{"a":1}')
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it.each([
    ['the original', 0],
    ['the copy', 1],
  ])('only the last that is cancelled ends it: %s first', async (_, index) => {
    const { response, onEnd } = await watchedFetch('/stall')
    const both = [response, response.clone()]
    const first = both[index]!
    const reader = first.body!.getReader()
    await reader.read()
    const pending = reader.read()
    await turn()
    const cancelled = reader.cancel()
    expect((await pending).done).toBe(true)
    reader.releaseLock()
    await expect(first.text()).rejects.toThrow(TypeError)
    await turn()
    expect(onEnd).not.toHaveBeenCalled()
    release(both[1 - index]!)
    await cancelled
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('one is cancelled, the other read', async () => {
    const { response, onEnd } = await watchedFetch('/json')
    const copy = response.clone()
    release(response)
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(onEnd).not.toHaveBeenCalled()
    expect(await copy.json()).toEqual({ a: 1 })
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('works on a copy of a copy, and after a look at the body, which is another one then', async () => {
    const { response, onEnd } = await watchedFetch('/json')
    const before = response.body
    const copy = response.clone().clone()
    expect(before?.locked).toBe(true)
    expect(response.body).not.toBe(before)
    expect(copy.url).toBe(response.url)
    release(copy)
    expect(onEnd).not.toHaveBeenCalled()
    expect(await response.text()).toBe('{"a":1}')
    expect(onEnd).toHaveBeenCalledOnce()
  })
})

describe('fail()', () => {
  const reason = new Error('too late')

  it.each([
    ['text()', (response: Response) => response.text()],
    ['a reader', (response: Response) => readAll(response.body!)],
    ['pipeTo', (response: Response) => response.body!.pipeTo(new WritableStream())],
    ['a copy', (response: Response) => response.clone().arrayBuffer()],
  ])('gives that very error to who is reading: %s', async (_, read) => {
    const { response, onEnd, body } = silent(bytes('a'))
    const reading = read(response)
    await turn()
    body!.fail(reason)
    await expect(reading).rejects.toBe(reason)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it.each([
    ['text()', (response: Response) => response.text()],
    ['a reader', (response: Response) => readAll(response.body!)],
    ['a copy', (response: Response) => response.clone().json()],
  ])('and to who comes later, although there is something to read: %s', async (_, read) => {
    const { response, onEnd, body } = watch(new Response('{"a":1}'))
    body!.fail(reason)
    expect(onEnd).toHaveBeenCalledOnce()
    await expect(read(response)).rejects.toBe(reason)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('closes a stream between two reads, and lets go of the one behind it', async () => {
    const { response, body, cancel } = silent(bytes('a'), bytes('b'))
    const reader = response.body!.getReader()
    await reader.read()
    body!.fail(reason)
    await expect(reader.closed).rejects.toBe(reason)
    await expect(reader.read()).rejects.toBe(reason)
    expect(cancel).toHaveBeenCalledExactlyOnceWith(reason)
  })

  it('does nothing when the body is over, and only once', async () => {
    const { response, onEnd, body } = await watchedFetch('/json')
    expect(await response.text()).toBe('{"a":1}')
    body!.fail(reason)
    expect(onEnd).toHaveBeenCalledOnce()

    const other = silent()
    other.body!.fail(reason)
    other.body!.fail(new Error('second'))
    await expect(other.response.text()).rejects.toBe(reason)
  })

  it('leaves nothing unhandled when nobody reads', async () => {
    const unhandled = vi.fn<(reason: unknown) => void>()
    process.on('unhandledRejection', unhandled)
    const source = new ReadableStream({
      cancel: () => {
        throw new Error('can not be cancelled')
      },
    })
    const { response, body } = watch(new Response(source))
    expect(response.body).not.toBeNull()
    body!.fail(reason)
    await turn()
    await turn()
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
