import { describe, expect, it } from 'vitest'
import { describeError, normalise } from '../src/record/describe-error.ts'

describe('an error as plain data', () => {
  it('has its classes, its fields and its causes, and no stack', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:43210'), {
      code: 'ECONNREFUSED',
      errno: -111,
      port: 43_210,
      address: '::1',
    })
    expect(describeError(new TypeError('fetch failed', { cause }))).toEqual({
      name: 'TypeError',
      message: 'fetch failed',
      classes: ['TypeError', 'Error'],
      cause: {
        name: 'Error',
        message: 'connect ECONNREFUSED <host>:<port>',
        classes: ['Error'],
        fields: { address: '<host>', code: 'ECONNREFUSED', errno: -111, port: '<port>' },
      },
    })
  })

  it('has the parts of an AggregateError', () => {
    const { errors } = describeError(new AggregateError([new Error('one'), 'two']))
    expect(errors?.map(({ name, message }) => [name, message])).toEqual([
      ['Error', 'one'],
      ['(string)', 'two'],
    ])
  })

  it('tells whether it is the very reason of the signal', () => {
    const reason = new Error('mine')
    const signal = AbortSignal.abort(reason)
    expect(describeError(reason, { signal }).isSignalReason).toBe(true)
    expect(describeError(new Error('mine'), { signal })).not.toHaveProperty('isSignalReason')
  })

  it('has the code that a DOMException inherits', () => {
    expect(describeError(new DOMException('gone', 'AbortError'))).toEqual({
      name: 'AbortError',
      message: 'gone',
      classes: ['DOMException', 'Error'],
      fields: { code: 20 },
    })
  })

  it('ends at a cause that causes itself', () => {
    const error = new Error('loop')
    error.cause = error
    expect(() => JSON.stringify(describeError(error))).not.toThrow()
  })

  it.each([
    ['(http://127.0.0.1:1234/script/503,200;connection=close/2): x', '(http://<host>:<port>/<path>): x'],
    ['from [::1]:99 for http://localhost:99/', 'from <host>:<port> for http://<host>:<port>/'],
    ['internal error; reference = 0abc9', 'internal error; reference = <id>'],
    ['no response within 400 ms (attempt-timeout)', 'no response within <ms> (attempt-timeout)'],
    ['C00C2B66F27F0000:error:0A00010B:SSL routines', '<id>:error:0A00010B:SSL routines'],
    ['at /tmp/x/program.mjs', 'at <path>'],
  ])('holds nothing of the machine and the run: %s', (text, expected) => {
    expect(normalise(text)).toBe(expected)
  })
})
