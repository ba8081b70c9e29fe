import { OptionError } from '@fetchstack/options'
import { describe, expect, test, vi } from 'vitest'
import { fetchHandler, HandlerStack, type Middleware } from '../../src/index.ts'
import { type Logger, type LogOptions, log } from '../../src/middleware/index.ts'

const url = 'https://me:s3cret@api.example.com/videos?key=s3cret#s3cret'
const shown = '[GET] https://api.example.com/videos?key=…'

/** A logger that keeps its lines, and a clock that goes 5 ms on whenever it is read. */
function setting(): { readonly lines: string[]; readonly options: LogOptions & { readonly logger: Logger } } {
  const lines: string[] = []
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  let now = 0
  return { lines, options: { logger, clock: { now: () => (now += 5) } } }
}

function answering(status: number, statusText = ''): HandlerStack {
  return HandlerStack.create(() => Promise.resolve(new Response(null, { status, statusText })))
}

describe('log', () => {
  test('writes the start at debug and a success at info, with status and time', async () => {
    const { lines, options } = setting()
    await answering(200, 'OK').push(log(options)).toFetch()(url)
    expect(lines).toEqual([`debug ${shown}`, `info ${shown} 200 OK in 5 ms`])
  })

  test.each([
    [204, 'info'],
    [304, 'info'],
    [399, 'info'],
    [400, 'warn'],
    [503, 'warn'],
  ])('writes status %i at %s', async (status, level) => {
    const { lines, options } = setting()
    await answering(status).push(log(options)).toFetch()(url)
    expect(lines[1]).toBe(`${level} ${shown} ${status} in 5 ms`)
  })

  test('writes a rejection at error, and gives it on unchanged', async () => {
    const { lines, options } = setting()
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })
    const stack = HandlerStack.create(() => Promise.reject(error)).push(log(options))
    await expect(stack.toFetch()(url)).rejects.toBe(error)
    expect(lines[1]).toBe(`error ${shown} failed in 5 ms: TypeError: fetch failed (ECONNREFUSED)`)
  })

  test('writes what is thrown at once', async () => {
    const { lines, options } = setting()
    const stack = HandlerStack.create(() => {
      throw new RangeError('at once')
    })
    await expect(stack.push(log(options)).toFetch()(url)).rejects.toThrow('at once')
    expect(lines[1]).toBe(`error ${shown} failed in 5 ms: RangeError: at once`)
  })

  test.each([
    ['some problem', 'some problem'],
    [undefined, 'undefined'],
    [null, 'null'],
    [42, '42'],
    [Symbol('why'), 'Symbol(why)'],
    [{ a: 1 }, '[object Object]'],
    [Object.create(null), 'object'],
    [Object.assign(new Error('reset'), { code: 'UND_ERR_SOCKET' }), 'Error: reset (UND_ERR_SOCKET)'],
    [new DOMException('The operation was aborted', 'AbortError'), 'AbortError: The operation was aborted'],
    [new Error('one\n  two'), 'Error: one two'],
    [
      new TypeError(`Failed to parse URL from ${url}`),
      'TypeError: Failed to parse URL from https://api.example.com/videos?key=…',
    ],
  ])('writes the reason %o as %s', async (reason, text) => {
    const { lines, options } = setting()
    const stack = HandlerStack.create(() => Promise.reject(reason)).push(log(options))
    await expect(stack.toFetch()(url)).rejects.toBe(reason)
    expect(lines[1]).toBe(`error ${shown} failed in 5 ms: ${text}`)
  })

  test('writes a reason that can not be looked at by its type', async () => {
    const { lines, options } = setting()
    const trap = {
      get message() {
        throw new Error('trap')
      },
    }
    const sent = HandlerStack.create(() => Promise.reject(trap))
      .push(log(options))
      .toFetch()(url)
    expect(await sent.catch((reason: unknown) => reason === trap)).toBe(true)
    expect(lines[1]).toBe(`error ${shown} failed in 5 ms: object`)
  })

  test('writes headers by name, and the values of those alone that are safe', async () => {
    const { lines, options } = setting()
    const headers = { Accept: 'text/html', Authorization: 'Bearer s3cret', 'X-Api-Key': 's3cret', 'X-Trace': '1' }
    await answering(200).push(log(options)).toFetch()(url, { headers })
    expect(lines[0]).toBe(`debug ${shown} (Accept: text/html, Authorization, X-Api-Key, X-Trace)`)
    await answering(200)
      .push(log({ ...options, safeHeaders: ['x-TRACE'] }))
      .toFetch()(url, { headers: new Headers(headers) })
    expect(lines[2]).toBe(`debug ${shown} (accept, authorization, x-api-key, x-trace: 1)`)
    expect(lines.join()).not.toContain('s3cret')
  })

  test('never writes a header that a layer outside wrote a credential into, whatever is said to be safe', async () => {
    const { lines, options } = setting()
    const signing: Middleware = (next) => (request, call) => {
      call.declareCredentials({ headers: ['X-Proof'] })
      return next(request.withHeader('x-proof', 's3cret').withHeader('x-trace', 't1'), call)
    }
    await answering(200)
      .push(signing)
      .push(log({ ...options, safeHeaders: ['x-proof', 'x-trace'] }))
      .toFetch()(url)
    expect(lines[0]).toBe(`debug ${shown} (x-proof, x-trace: t1)`)
  })

  test('writes what the layers recorded', async () => {
    const { lines, options } = setting()
    const retry: Middleware = (next) => (request, call) => {
      call.record({ layer: 'retry', event: 'retry', attempt: 1, detail: { secret: 's3cret' } })
      call.record({ layer: 'retry', event: 'accept', attempt: 2 })
      return next(request, call)
    }
    await answering(200).push(log(options)).push(retry).toFetch()(url)
    expect(lines[1]).toBe(`info ${shown} 200 in 5 ms; retry: retry (attempt 1), retry: accept (attempt 2)`)
  })

  test('takes a logger alone, with its this', async () => {
    class Pino {
      readonly lines: string[] = []
      #write(line: string): void {
        this.lines.push(line)
      }
      debug(line: string): void {
        this.#write(line)
      }
      info(line: string): void {
        this.#write(line)
      }
      warn(line: string): void {
        this.#write(line)
      }
      error(line: string): void {
        this.#write(line)
      }
    }
    const logger = new Pino()
    await answering(200).push(log(logger)).toFetch()(url)
    expect(logger.lines).toEqual([shown, expect.stringMatching(/ 200 in \d+ ms$/)])
    expect(() => log(console)).not.toThrow()
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('disk full')
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('a logger that %s does not disturb the call', async (_, broken) => {
    const logger = { debug: broken, info: broken, warn: broken, error: broken }
    const error = new TypeError('fetch failed')
    const response = new Response()
    const answers = [() => Promise.resolve(response), () => Promise.reject(error)]
    const api = HandlerStack.create(fetchHandler(() => answers.shift()!()))
      .push(log(logger))
      .toFetch()
    expect(await api(url)).toBe(response)
    await expect(api(url)).rejects.toBe(error)
    await new Promise((resolve) => setImmediate(resolve))
  })

  test('gives on the very response, unread', async () => {
    const response = new Response('data')
    const stack = HandlerStack.create(() => Promise.resolve(response)).push(log(setting().options))
    expect(await stack.toFetch()(url)).toBe(response)
    expect(response.bodyUsed).toBe(false)
  })

  test('refuses unknown options, and a logger that lacks a level', () => {
    const { logger } = setting().options
    expect(() => log({ loger: logger } as never)).toThrow(/unknown option "loger"\. Did you mean "logger"\?/)
    expect(() => log({ logger: { ...logger, warn: undefined } } as never)).toThrow(
      new OptionError('log', 'logger.warn', 'logger.warn must be a function, got undefined.'),
    )
    expect(() => log({ info: vi.fn() } as never)).toThrow('log: logger.debug must be a function, got undefined.')
    for (const nothing of [undefined, null, {}, 'console']) expect(() => log(nothing as never)).toThrow(OptionError)
  })
})
