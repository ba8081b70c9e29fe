import { OptionError } from '@fetchstack/options'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { corpus } from '../src/index.ts'
import { CorpusError, validateCorpus } from '../src/validate.ts'
import { recordedFiles, textOf } from './support/files.ts'

type Json = { [key: string]: Json } & Json[]

/** A small corpus of three rows, as fresh data that a test may spoil. */
function small(): Json {
  const ids = ['status/503/get', 'hint/retry-after/seconds/get', 'reported/firefox/get']
  const rows = ids.map((id) => corpus.rows.find((row) => row.id === id))
  return structuredClone({ ...corpus, rows }) as unknown as Json
}

function errorOf(value: unknown, options?: Parameters<typeof validateCorpus>[1]): CorpusError {
  try {
    validateCorpus(value, options)
  } catch (error) {
    if (error instanceof CorpusError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function spoilt(spoil: (data: Json) => void): CorpusError {
  const data = small()
  spoil(data)
  return errorOf(data, { name: 'mine.json' })
}

describe('validateCorpus', () => {
  it('gives back what fits', () => {
    const data = small()
    expect(validateCorpus(data)).toBe(data)
    expect(validateCorpus(JSON.stringify(data))).toEqual(data)
  })

  it('leaves the value and the schema as they are', () => {
    const before = textOf('corpus.json')
    validateCorpus(corpus)
    expect(JSON.stringify(corpus)).toBe(JSON.stringify(JSON.parse(before)))
  })

  it.each<[string, (data: Json) => void, string, string | undefined, RegExp]>([
    [
      'a wrong word',
      (d) => (d.rows![1]!.expected!.verdict!.fault = 'moon' as never),
      '/rows/1/expected/verdict/fault',
      'hint/retry-after/seconds/get',
      /"caller".* It is "moon"\.$/,
    ],
    [
      'a field that is missing',
      (d) => delete d.rows![0]!.expected!.verdict!.processed,
      '/rows/0/expected/verdict',
      'status/503/get',
      /required property "processed"/,
    ],
    [
      'a field that is not known',
      (d) => (d.rows![0]!.retries = 3 as never),
      '/rows/0/retries',
      'status/503/get',
      /^There is no such property\. It is 3\.$/,
    ],
    [
      'a wrong type',
      (d) => (d.rows![0]!.outcome!.response!.status = '503' as never),
      '/rows/0/outcome/response/status',
      'status/503/get',
      /"string" is invalid.*"integer".* It is "503"\.$/,
    ],
    [
      'a header in capitals',
      (d) => (d.rows![0]!.outcome!.response!.headers!['Retry-After'] = '1' as never),
      '/rows/0/outcome/response/headers/Retry-After',
      'status/503/get',
      /pattern/,
    ],
    [
      'an outcome of both kinds',
      (d) => (d.rows![0]!.outcome!.error = d.rows![2]!.outcome!.error!),
      '/rows/0/outcome/response',
      'status/503/get',
      /no such property/,
    ],
    [
      'an outcome of no kind',
      (d) => (d.rows![0]!.outcome = {} as never),
      '/rows/0/outcome',
      'status/503/get',
      /required property/,
    ],
    [
      'a resend of any method of what may have been acted on',
      (d) => (d.rows![0]!.expected!.verdict!.retry = 'any' as never),
      '/rows/0/expected/verdict/processed',
      'status/503/get',
      /does not match "no"|Instance does not match/,
    ],
    [
      'a resend without a wait',
      (d) => delete d.rows![0]!.expected!.decision!.delay,
      '/rows/0/expected/decision',
      'status/503/get',
      /required property "delay"/,
    ],
    [
      'a shape within a shape',
      (d) => (d.rows![2]!.outcome!.error!.shape!.cause = { name: 'Error', message: '' } as never),
      '/rows/2/outcome/error/shape/cause',
      'reported/firefox/get',
      /required property "classes"/,
    ],
    ['a row without an id', (d) => delete d.rows![0]!.id, '/rows/0', undefined, /required property "id"/],
    ['an id with a space', (d) => (d.rows![0]!.id = 'status 503' as never), '/rows/0/id', 'status 503', /pattern/],
    ['no rows', (d) => (d.rows = [] as never), '/rows', undefined, /too few|fewer/i],
    ['another format', (d) => (d.format = 2 as never), '/format', undefined, /1.* It is 2\.$/],
    [
      'the same id twice',
      (d) => d.rows!.push(structuredClone(d.rows![0]!)),
      '/rows/3/id',
      'status/503/get',
      /another row has this id/,
    ],
    [
      'a key with a slash and a tilde',
      (d) => (d.rows![0]!['a/b~c'] = 1 as never),
      '/rows/0/a~1b~0c',
      'status/503/get',
      /It is 1\.$/,
    ],
  ])('says which row, where and what: %s', (_, spoil, pointer, row, wrong) => {
    const error = spoilt(spoil)
    expect(error).toMatchObject({
      name: 'CorpusError',
      code: 'FETCHSTACK_INVALID_CORPUS',
      file: 'mine.json',
      pointer,
      row,
    })
    const place = `mine.json${row === undefined ? '' : `, row ${row}`}, at ${pointer}: `
    expect(error.message.startsWith(place)).toBe(true)
    expect(error.message.slice(place.length)).toMatch(wrong)
  })

  it('names the first of several places', () => {
    const error = spoilt(({ rows }) => {
      for (const row of rows!) row.expected!.verdict!.fault = 'moon' as never
    })
    expect(error.pointer).toBe('/rows/0/expected/verdict/fault')
  })

  it.each([
    ['cut off', '{ "format": 1,'],
    ['empty', ''],
    ['a comment', '// none\n{}'],
  ])('says of a text that is no JSON which file it is: %s', (_, text) => {
    const error = errorOf(text, { name: 'mine.json' })
    expect(error.message).toMatch(/^mine\.json: it is no JSON\. ./)
    expect(error).toMatchObject({ pointer: '', row: undefined })
    expect(error.cause).toBeInstanceOf(SyntaxError)
  })

  it.each([null, [], 5, true, 'null', '"text"', undefined, 5n, () => 1, Symbol('one')])('refuses %s', (value) => {
    expect(errorOf(value).message).toMatch(/^corpus: /)
  })

  it('refuses what is nested without an end', () => {
    const shape: Record<string, unknown> = { name: 'Error', message: '', classes: [] }
    shape['cause'] = shape
    const recorded = { runtime: 'bun', version: '1', situations: { refused: { error: shape } } }
    expect(errorOf(recorded, { kind: 'recorded' }).message).toMatch(/^recorded: it can't be checked\. RangeError/)
  })

  it('says of a recorded file which runtimes and which situation', () => {
    const wrong = { runtime: 'netscape', version: '4', situations: {} }
    expect(errorOf(wrong, { name: 'netscape.json', kind: 'recorded' }).message).toMatch(
      /^netscape\.json, at \/runtime: .*"node-26".*"chromium".* It is "netscape"\.$/,
    )
    const error = { runtime: 'bun', version: '1', situations: { refused: { error: { name: 'Error', message: '' } } } }
    expect(errorOf(error, { name: 'bun.json', kind: 'recorded' }).message).toMatch(
      /^bun\.json, row refused, at \/situations\/refused\/error: .*"classes"/,
    )
  })

  it('checks the other files by their kind', () => {
    for (const file of recordedFiles()) validateCorpus(textOf(`errors/${file}`), { kind: 'recorded' })
    expect(validateCorpus(textOf('data/hints.json'), { kind: 'cases' }).cases.length).toBeGreaterThan(0)
    expect(errorOf(textOf('data/hints.json'), { kind: 'situations' }).message).toMatch(
      /^situations, at \/cases: There is no such property\./,
    )
  })

  it('refuses options that it does not know', () => {
    expect(() => validateCorpus(corpus, { kind: 'status' } as never)).toThrow(OptionError)
    expect(() => validateCorpus(corpus, { file: 'mine.json' } as never)).toThrow(OptionError)
  })
})

describe('whatever a file holds', () => {
  /** Every place in a value, as the keys that lead there. */
  function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
    if (typeof value !== 'object' || value === null) return [path]
    return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))]
  }
  const all = places(small()).filter(({ length }) => length > 0)

  it('the answer is the file or a CorpusError that points into it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.jsonValue({ maxDepth: 3 }), fc.boolean(), (path, value, remove) => {
        const data = small()
        const holder = path.slice(0, -1).reduce<Json>((inner, key) => inner[key]!, data)
        if (remove) Reflect.deleteProperty(holder, path.at(-1)!)
        else holder[path.at(-1)!] = value as never
        try {
          expect(validateCorpus(data)).toBe(data)
        } catch (error) {
          expect(error).toBeInstanceOf(CorpusError)
          const { message, pointer } = error as CorpusError
          const below =
            pointer.startsWith(`/${path.slice(0, -1).join('/')}`) || path.join('/').startsWith(pointer.slice(1))
          expect([message, below || pointer === '/rows' || pointer.endsWith('/id')]).toEqual([message, true])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a text is the file or a CorpusError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(errorOf(text).code).toBe('FETCHSTACK_INVALID_CORPUS')
      }),
    )
  })
})
