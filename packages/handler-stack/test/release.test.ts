import { describe, expect, test } from 'vitest'
import { release } from '../src/index.ts'
import { echoServer } from './helpers.ts'

describe('release', () => {
  test('closes the connection of a response that nobody reads', async () => {
    let closed: () => void
    const close = new Promise<void>((resolve) => {
      closed = resolve
    })
    await using server = await echoServer((request, response) => {
      request.socket.once('close', closed)
      response.write('the beginning of something that never ends')
    })
    const response = await fetch(server.url)
    release(response)
    await close
    expect(response.bodyUsed || response.body !== null).toBe(true)
  })

  test('cancels the body', async () => {
    let cancelled = false
    const body = new ReadableStream({
      cancel() {
        cancelled = true
      },
    })
    release(new Response(body))
    await Promise.resolve()
    expect(cancelled).toBe(true)
  })

  test.each([
    ['has no body', () => new Response(null, { status: 204 })],
    ['is a mock without a body', () => ({ status: 200 }) as Response],
    [
      'is being read',
      () => {
        const response = new Response('data')
        response.body?.getReader()
        return response
      },
    ],
    [
      'fails to cancel',
      () =>
        new Response(
          new ReadableStream({
            cancel() {
              throw new Error('not now')
            },
          }),
        ),
    ],
  ])('does nothing to a response that %s', async (_, make) => {
    expect(() => release(make())).not.toThrow()
    await new Promise((resolve) => setImmediate(resolve))
  })

  test('does nothing to a response that was read', async () => {
    const response = new Response('data')
    await response.text()
    expect(() => release(response)).not.toThrow()
  })
})
