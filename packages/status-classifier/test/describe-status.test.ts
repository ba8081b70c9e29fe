import { STATUS_CODES } from 'node:http'
import { OptionError } from '@fetchstack/options'
import { describe, expect, it } from 'vitest'
import { classify, describeStatus, statusTable } from '../src/index.ts'
import { pinnedStatuses } from './support/pinned-statuses.ts'

describe('describeStatus', () => {
  it.each(pinnedStatuses)('$status $name has the pinned row', (pinned) => {
    expect(describeStatus(pinned.status)).toMatchObject(pinned)
    expect(describeStatus(pinned.status).maxRetries).toBe(pinned.maxRetries)
  })

  it('agrees with classify on every code from 100 to 999, and on 0', () => {
    for (const status of [0, ...Array.from({ length: 900 }, (_, index) => index + 100)]) {
      const { name: _, source: __, sentence: ___, registered: ____, ...row } = describeStatus(status)
      const { evidence: _____, ...verdict } = classify(
        { response: { status, headers: new Headers() } },
        { method: 'GET' },
      )
      expect(row).toEqual(verdict)
    }
  })

  it('has the RFC 9110 names where older lists have others', () => {
    expect(describeStatus(413).name).toBe('Content Too Large')
    expect(describeStatus(422).name).toBe('Unprocessable Content')
  })

  it('knows every code that Node has a name for', () => {
    const known = new Set(statusTable().map(({ status }) => status))
    expect(Object.keys(STATUS_CODES).filter((status) => !known.has(Number(status)))).toEqual([])
  })

  it.each([
    [199, 'Unknown interim response', 'unknown', 'never'],
    [299, 'Unknown success', 'success', 'never'],
    [399, 'Unknown redirect', 'redirect', 'modify'],
    [477, 'Unknown client error', 'client-error', 'never'],
    [578, 'Unknown server error', 'server-error', 'idempotent'],
    [600, 'Unknown code outside of HTTP', 'unknown', 'never'],
    [998, 'Unknown code outside of HTTP', 'unknown', 'never'],
  ])('describes the unknown code %i by its class (RFC 9110 §15)', (status, name, category, retry) => {
    const description = describeStatus(status)
    expect(description).toMatchObject({ status, name, category, retry, registered: false, source: 'RFC 9110 §15' })
    expect(description.sentence).toMatch(/^[A-Z].+\.$/)
  })

  it.each([99, 1000, -1, 200.5, Number.NaN, Infinity, 1])('throws an OptionError on %d', (status) => {
    expect(() => describeStatus(status)).toThrow(OptionError)
    expect(() => describeStatus(status)).toThrow(/^describeStatus: status must be a whole number from 100 to 999/)
  })

  it('throws an OptionError on what is no number', () => {
    expect(() => describeStatus('503' as unknown as number)).toThrow(OptionError)
  })
})

describe('statusTable', () => {
  it('lists exactly the pinned codes, lowest first', () => {
    expect(statusTable().map(({ status }) => status)).toEqual(pinnedStatuses.map(({ status }) => status))
  })

  it('gives each code a name, a source and one sentence for a person with what to do after a comma or semicolon', () => {
    for (const { name, source, sentence } of statusTable()) {
      expect(name).not.toBe('')
      expect(source).not.toBe('')
      expect(sentence).toMatch(/^[A-Z][^.]+[;,] [^.]+\.$/)
      expect(sentence.length).toBeLessThan(180)
    }
  })

  it('has no sentence twice', () => {
    const sentences = statusTable().map(({ sentence }) => sentence)
    expect(new Set(sentences).size).toBe(sentences.length)
  })

  it('gives a registered code an RFC or a draft as its source', () => {
    const odd = statusTable().filter(({ registered, source }) => registered && !/^(RFC \d+|draft-ietf-)/.test(source))
    expect(odd).toEqual([])
  })

  it('allows a resend with any method only where the request was not processed', () => {
    expect(statusTable().filter(({ retry, processed }) => retry === 'any' && processed !== 'no')).toEqual([])
  })

  it('gives every caller a list of its own', () => {
    expect(statusTable()).not.toBe(statusTable())
  })
})
