import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readArguments, UsageError } from '../src/arguments.ts'
import { clients } from '../src/clients/index.ts'
import { CHECKS, type ClientEntry, type Operations } from '../src/contract.ts'
import { renderDocument } from '../src/document.ts'
import { readText } from '../src/read-text.ts'
import { report } from '../src/report.ts'
import { requestHeaders } from '../src/request-headers.ts'
import { type Cell, run } from '../src/run.ts'

const snippetOf = (name: string): string => join(import.meta.dirname, `../src/snippets/${name}.ts`)
const cell = (status: Cell['status'], client = 'ky'): Cell => ({ client, check: 'get', status, text: '' })

/** A client that is hardly one: fetch, and an error of its own. */
class PlainError extends Error {}

const plain: ClientEntry = {
  name: 'plain',
  package: 'ky',
  how: '',
  make: ({ fetch, baseUrl, credential }): Operations => {
    const send = async (path: string, init: object): Promise<Response> => {
      const response = await fetch(`${baseUrl}${path}`, init).catch((cause: unknown) => {
        throw new PlainError('network', { cause })
      })
      if (!response.ok) throw Object.assign(new PlainError('status'), { response })
      return response
    }
    return {
      get: async (options) => (await send('/videos', { headers: requestHeaders(credential), ...options })).json(),
      post: async (body, { idempotencyKey, ...options } = {}) => {
        const headers = requestHeaders(credential, idempotencyKey)
        return (await send('/videos', { method: 'POST', body, headers, ...options })).json()
      },
      stream: async function* () {
        yield* readText((await send('/events', {})).body)
      },
    }
  },
  ownRetry: { off: 'none' },
  errors: {
    status: { name: 'PlainError', is: (error) => error instanceof PlainError },
    network: { name: 'PlainError', is: (error) => error instanceof PlainError },
  },
  perCall: 'call',
}

describe('a run', () => {
  it('passes what does all that is asked', async () => {
    const cells = await run([plain])
    expect(cells.map(({ check, status }) => [check, status])).toEqual(CHECKS.map((check) => [check, 'ok']))
  })

  it('fails a client that goes past the stack, and one that does not tell a give-up in its own way', async () => {
    const bypass: ClientEntry = {
      ...plain,
      make: (setting) => plain.make({ ...setting, fetch: async (input, init) => globalThis.fetch(input, init) }),
      cannot: { stream: 'no reason' },
    }
    const stranger: ClientEntry = { ...plain, errors: { ...plain.errors, status: { name: 'Other', is: () => false } } }
    const [past, other] = [await run([bypass]), await run([stranger])]
    expect(past.find(({ check }) => check === 'get')).toMatchObject({ status: 'failed' })
    expect(past.find(({ check }) => check === 'stream')).toEqual({
      client: 'plain',
      check: 'stream',
      status: 'cannot',
      text: 'no reason',
    })
    expect(other.filter(({ status }) => status === 'failed').map(({ check }) => check)).toEqual(['status-error'])
  })

  it('fails a client that is said not to do what it does', async () => {
    const cells = await run([{ ...plain, cannot: { get: 'it is too young' } }])
    expect(cells[0]).toMatchObject({ status: 'failed', text: expect.stringContaining('It can') })
  })

  it('gives fetch back', async () => {
    const before = globalThis.fetch
    await run([])
    expect(globalThis.fetch).toBe(before)
  })
})

describe('the entries', () => {
  it('have names of their own, a snippet each, and reasons only for checks that there are', () => {
    const names = clients.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !existsSync(snippetOf(name)))).toEqual([])
    const reasons = clients.flatMap(({ cannot = {} }) => Object.keys(cannot))
    expect(reasons.filter((check) => !(CHECKS as readonly string[]).includes(check))).toEqual([])
  })
})

describe('the document', () => {
  it('has a row and the very code of each client, and the reason where it cannot', () => {
    const cells = clients.flatMap(({ name, cannot }) =>
      CHECKS.map((check): Cell => ({ client: name, check, status: cannot?.[check] ? 'cannot' : 'ok', text: '' })),
    )
    const text = renderDocument(clients, cells)
    for (const { name, cannot = {} } of clients) {
      expect(text).toContain(`\n| [${name}](#${name}) `)
      expect(text).toContain(`\n## ${name}\n`)
      expect(text).toContain(readFileSync(snippetOf(name), 'utf8'))
      for (const reason of Object.values(cannot)) expect(text).toContain(reason)
    }
  })
})

describe('the counts', () => {
  it('are those of vitest, and a problem besides the cells fails', () => {
    const cells = [cell('ok'), cell('ok'), cell('cannot')]
    const counts = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, success: true, testResults: [] }
    expect(report(cells, [])).toMatchObject(counts)
    expect(report([...cells, cell('failed')], ['a'])).toMatchObject({ ...counts, numFailedTests: 2, success: false })
    expect(report([], [])).toMatchObject({ success: false })
  })
})

describe('the arguments', () => {
  const read = (...argv: string[]) => readArguments(argv, ['ky', 'axios'])

  it('are all clients, or those that are named', () => {
    expect(read()).toMatchObject({ clients: ['ky', 'axios'], check: false, json: undefined })
    expect(read('--', 'axios', '--json', 'out.json')).toMatchObject({ clients: ['axios'], json: 'out.json' })
  })

  it('are refused when they can not be meant', () => {
    expect(() => read('axois')).toThrow('No such client: axois. There are: ky, axios.')
    expect(() => read('--chekc')).toThrow(UsageError)
    expect(() => read('--check', 'ky')).toThrow('leave out the names')
  })
})
