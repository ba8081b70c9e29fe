import { describe, expect, test } from 'vitest'
import { Call, key } from '../src/index.ts'

describe('Call', () => {
  test('begins with the first attempt, without options, deadline, values or trail', () => {
    const call = new Call()
    expect([call.attempt, call.options, call.deadline, call.trail]).toEqual([1, {}, undefined, []])
    expect(call.get(key('nothing'))).toBeUndefined()
  })

  test('keeps a value for the key that it was set with; two keys of one name are two keys', () => {
    const [one, two] = [key<number>('same'), key<number>('same')]
    const call = new Call()
    call.set(one, 1)
    expect([call.get(one), call.get(two), new Call().get(one)]).toEqual([1, undefined, undefined])
    call.set(one, 2)
    call.set(two, 3)
    expect([call.get(one), call.get(two)]).toEqual([2, 3])
  })

  test('tells its trail oldest first', () => {
    const call = new Call()
    const entries = [
      { layer: 'retry', event: 'retry', attempt: 1, detail: { reason: 'transient-status' } },
      { layer: 'retry', event: 'accept', attempt: 2 },
    ]
    for (const entry of entries) call.record(entry)
    expect(call.trail).toEqual(entries)
  })
})
