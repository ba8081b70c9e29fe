import { OptionError } from '@fetchstack/options'
import { describe, expect, test } from 'vitest'
import { HandlerStack, type Middleware } from '../../src/index.ts'
import { type HistoryEntry, history } from '../../src/middleware/index.ts'
import { adds, greeting } from '../helpers.ts'

const url = 'https://api.example.com/'

describe('history', () => {
  test('records request, call and response; the response is the very one that the caller gets, unread', async () => {
    const entries: HistoryEntry[] = []
    const response = await greeting().push(adds('1')).push(history(entries)).toFetch()(url)
    expect(entries).toHaveLength(1)
    expect(Object.keys(entries[0]!)).toEqual(['request', 'call', 'response'])
    expect(entries[0]?.request.header('trace')).toBe('1')
    expect(entries[0]?.call.attempt).toBe(1)
    expect(entries[0]?.response).toBe(response)
    expect(response.bodyUsed).toBe(false)
  })

  test('records failures, which go on unchanged, whatever they are', async () => {
    const reasons = [new TypeError('fetch failed'), 'some problem', undefined]
    for (const reason of reasons) {
      const entries: HistoryEntry[] = []
      const rejecting = HandlerStack.create(() => Promise.reject(reason)).push(history(entries))
      const throwing = HandlerStack.create(() => {
        throw reason
      }).push(history(entries))
      await expect(rejecting.toFetch()(url)).rejects.toBe(reason)
      await expect(throwing.toFetch()(url)).rejects.toBe(reason)
      expect(entries.map((entry) => ['error' in entry, entry.error, 'response' in entry])).toEqual([
        [true, reason, false],
        [true, reason, false],
      ])
    }
  })

  test('records in the order in which requests end', async () => {
    const entries: HistoryEntry[] = []
    const ends = new Map<string, () => void>()
    const stack = HandlerStack.create(
      (request) => new Promise((resolve) => ends.set(request.url, () => resolve(new Response()))),
    )
    const api = stack.push(history(entries)).toFetch()
    const sent = ['a', 'b', 'c'].map((path) => api(url + path))
    for (const path of ['c', 'a', 'b']) {
      ends.get(url + path)?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(sent)
    expect(entries.map(({ request }) => request.url)).toEqual([`${url}c`, `${url}a`, `${url}b`])
  })

  test('records attempts inside of a retry and calls outside of it', async () => {
    const [calls, attempts]: HistoryEntry[][] = [[], []]
    const twice: Middleware = (next) => (request, call) => next(request, call).then(() => next(request, call))
    await greeting().push(history(calls!), 'calls').push(twice).push(history(attempts!), 'attempts').toFetch()(url)
    expect([calls!.length, attempts!.length]).toEqual([1, 2])
  })

  test('takes anything that has a push', async () => {
    const urls: string[] = []
    const container = { push: (entry: HistoryEntry) => void urls.push(entry.request.url) }
    await greeting().push(history(container)).toFetch()(url)
    expect(urls).toEqual([url])
  })

  test.each([[undefined], [null], [{}], ['x']])('refuses the container %o', (container) => {
    expect(() => history(container as never)).toThrow(OptionError)
  })
})
