import { beforeAll, describe, expect, it } from 'vitest'
import { entriesOf, publicPackages } from '../src/repo.ts'
import { EXAMPLE, sizeLimits } from '../src/size-limits.ts'
import { measureSizes, type Size } from '../src/sizes.ts'

const entries = publicPackages().flatMap((one) => entriesOf(one).map(({ specifier }) => specifier))

let sizes: ReadonlyMap<string, Size>
beforeAll(async () => {
  sizes = new Map((await measureSizes()).map((size) => [size.name, size]))
}, 60_000)

const sizeOf = (name: string): Size => {
  const size = sizes.get(name)
  if (size === undefined) throw new Error(`${name} was not measured.`)
  return size
}

describe('gzip sizes', () => {
  it.each(Object.entries(sizeLimits))('%s is at most %i bytes', (name, limit) => {
    expect(sizeOf(name).gzip).toBeLessThanOrEqual(limit)
  })

  it('every entry of every package has a ceiling, and nothing else has', () => {
    expect(Object.keys(sizeLimits).toSorted()).toEqual([EXAMPLE, ...entries].toSorted())
  })
})

describe('what the composed example carries', () => {
  it('p-retry is counted', () => {
    expect(Object.keys(sizeOf(EXAMPLE).inputs)).toContainEqual(expect.stringContaining('/p-retry/'))
  })

  it('no structured-field parser, and nothing of ky', () => {
    expect(Object.keys(sizeOf(EXAMPLE).inputs).filter((file) => /\/(structured-headers|ky)\//.test(file))).toEqual([])
  })

  it('none of the sentences that explain a status to a person', async () => {
    const { describeStatus } = await import('@fetchstack/status-classifier')
    const sentences = Array.from({ length: 500 }, (_, index) => describeStatus(index + 100).sentence)
    const distinct = [...new Set(sentences.filter((sentence) => sentence.length > 30))]
    expect(distinct.length).toBeGreaterThan(40)
    expect(distinct.filter((sentence) => sizeOf(EXAMPLE).bundle.includes(sentence))).toEqual([])
  })
})
