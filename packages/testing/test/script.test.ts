import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faults, parseScript } from '../src/index.ts'
import { start } from './helpers.ts'

const outcomeOf = (act: () => unknown): string => {
  try {
    return typeof act()
  } catch (error) {
    return (error as Error).name
  }
}

describe('parseScript', () => {
  it('a status can be given a body of a size', () => {
    expect(parseScript('503;size=3;retry-after=1')).toEqual([faults.status(503, { 'retry-after': '1' }, 'xxx')])
  })

  it('reads statuses, names and their parameters', () => {
    expect(parseScript('503, 429;retry-after=1;x-a=%2C%3B ,200;body=hi;delay=5')).toEqual([
      faults.status(503),
      faults.status(429, { 'retry-after': '1', 'x-a': ',;' }),
      faults.delayed(5, faults.ok('hi')),
    ])
    expect(parseScript('reset,close,stall,garbage')).toEqual([
      faults.reset(),
      faults.close(),
      faults.stall(),
      faults.garbage(),
    ])
    expect(
      parseScript('reset-body;sent=3,stall-body,truncate;sent=0,drip;bytes=2;interval=0,huge-headers;bytes=9'),
    ).toEqual([
      faults.resetBody({ sent: 3 }),
      faults.stallBody(),
      faults.truncate({ sent: 0 }),
      faults.drip({ bytes: 2, interval: 0 }),
      faults.hugeHeaders(9),
    ])
    expect(parseScript('reset;early=1,reset;early=0')).toEqual([faults.early(faults.reset()), faults.reset()])
  })

  it.each([
    ['', 'the script is empty'],
    ['200,,200', 'there is no fault ""'],
    ['toString', 'there is no fault "toString"'],
    ['resett', 'Did you mean "reset"?'],
    ['99', 'status must be a whole number from 200 to 999, got 99'],
    ['reset;sent=1', '"sent" is unknown to reset. It takes: delay, early'],
    ['drip;bytes=x', 'bytes must be a number of at least 0, got NaN'],
    ['drip;bytes=', 'bytes must be a number of at least 0, got NaN'],
    ['200;delay=-1', 'delay must be a number of at least 0, got -1'],
    ['200;retry-after', '"retry-after" is not of the form name=value'],
    ['200;a b=1', 'headers: "a b" is not valid'],
    ['200;size=1e9', 'size must be a whole number of bytes from 0 to 16777216'],
    ['200;body=%zz', 'has a broken percent-encoding'],
    ['truncate;sent=64', 'from 0 to 63, got 64'],
  ])('%j is refused with the step and the way out', (script, message) => {
    expect(() => parseScript(script)).toThrow(
      expect.objectContaining({ name: 'OptionError', message: expect.stringContaining(message) }),
    )
  })

  it('takes any text without throwing anything but an OptionError', () => {
    const token = fc.constantFrom('503', 'reset', 'drip', ';', ',', '=', 'sent', 'delay', '1', '%', ' ', '__proto__')
    const texts = fc.oneof(
      fc.string(),
      fc.array(token).map((tokens) => tokens.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(outcomeOf(() => parseScript(text))).toMatch(/^(object|OptionError)$/)
      }),
    )
  })
})

describe('a script that the request carries', () => {
  const steps = fc.array(fc.constantFrom('200', '204', '404', '429;retry-after=0', '500', '525'), { minLength: 1 })

  it('needs no state in the test: any list of steps is played in its order, then the last', async () => {
    const server = await start()
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const url = server.script(list.join(','))
        const expected = [...list, list.at(-1)!].map((step) => Number.parseInt(step, 10))
        for (const status of expected) {
          const response = await fetch(url, { method: 'POST' })
          expect(response.status).toBe(status)
          await response.text()
        }
      }),
      { numRuns: 30 },
    )
  })

  it('script() gives a URL of its own each time, and the same one for the same id', async () => {
    const server = await start()
    expect(server.script('503, 200')).not.toBe(server.script('503, 200'))
    const url = server.script('503,429;x-a=%2C', 'my id')
    expect(url).toBe(`${server.url}/script/503,429;x-a=%2C/my%20id`)
    expect(server.script('200;body=a/b?c#d é', 'x')).toBe(`${server.url}/script/200;body=a%2Fb%3Fc%23d%20%C3%A9/x`)
    expect(() => server.script('50x')).toThrow('there is no fault "50x"')
  })

  it('a percent-encoded value arrives decoded once', async () => {
    const server = await start()
    const response = await fetch(server.script('200;x-a=%2C%20%25;body=a%2Cb c'))
    expect(response.headers.get('x-a')).toBe(', %')
    expect(await response.text()).toBe('a,b c')
  })

  it('x-fault: on any path and before any route; x-fault-id keeps scripts apart', async () => {
    const server = await start({ routes: { '*': 418 } })
    const get = async (headers: Record<string, string>, path = '/') =>
      (await fetch(server.url + path, { headers })).status
    expect(await get({ 'x-fault': '503,200', 'x-fault-id': 'a' })).toBe(503)
    expect(await get({ 'x-fault': '503,200', 'x-fault-id': 'b' })).toBe(503)
    expect(await get({ 'x-fault': '503,200', 'x-fault-id': 'a' }, '/elsewhere')).toBe(200)
    expect(await get({ 'x-fault': '503,200' })).toBe(503)
    expect(await get({ 'x-fault': '503,200' })).toBe(200)
    expect(await get({ 'x-fault': '503,200' }, '/elsewhere')).toBe(503)
    expect(await get({})).toBe(418)
  })

  it('one that cannot be read is a 400 that says why', async () => {
    const server = await start()
    for (const response of [
      await fetch(`${server.url}/script/503,rset/1`),
      await fetch(server.url, { headers: { 'x-fault': '503,rset' } }),
    ]) {
      expect([response.status, response.headers.get('x-faulty-server')]).toEqual([400, 'bad-script'])
      expect(await response.text()).toContain('in "rset": there is no fault "rset". Did you mean "reset"?')
    }
    expect((await fetch(`${server.url}/script/`)).status).toBe(400)
  })
})
