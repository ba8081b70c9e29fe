import { describe, expect, it } from 'vitest'
import { corpus, type ErrorShape, reviveError } from '../src/index.ts'

/** The shape of an error, as a recorder would take it down. */
function shapeOf(error: unknown, like: ErrorShape): ErrorShape {
  const { name, message, cause, errors } = error as ErrorShape & Error
  const fields = Object.fromEntries(Object.keys(like.fields ?? {}).map((key) => [key, (error as never)[key]]))
  return {
    name,
    message,
    classes: like.classes,
    ...(like.fields && { fields }),
    ...(like.cause && { cause: shapeOf(cause, like.cause) }),
    ...(like.errors && { errors: errors!.map((one, index) => shapeOf(one, like.errors![index]!)) }),
  }
}

describe('reviveError', () => {
  it('gives back every shape of the corpus', () => {
    const shapes = corpus.rows.flatMap(({ outcome }) => ('error' in outcome ? [outcome.error.shape] : []))
    for (const { isSignalReason: _, ...shape } of shapes) expect(shapeOf(reviveError(shape), shape)).toEqual(shape)
  })

  it.each([
    ['TypeError', TypeError],
    ['RangeError', RangeError],
    ['SyntaxError', SyntaxError],
    ['DOMException', DOMException],
    ['AggregateError', AggregateError],
    ['EvalError', EvalError],
    ['ReferenceError', ReferenceError],
    ['URIError', URIError],
  ])('makes a %s of one', (name, type) => {
    const error = reviveError({ name, message: 'no', classes: [name, 'Error'] })
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ name, message: 'no' })
  })

  it('makes the nearest class of one that is not known here', () => {
    const error = reviveError({ name: 'SocketError', message: 'no', classes: ['SocketError', 'UndiciError', 'Error'] })
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).name).toBe('SocketError')
    expect(reviveError({ name: 'Odd', message: '', classes: ['constructor', 'Odd'] })).toBeInstanceOf(Error)
  })

  it('makes a plain object of a shape without classes', () => {
    const thrown = reviveError({ name: 'Odd', message: 'no', classes: [], fields: { code: 1 } })
    expect(thrown).toEqual({ name: 'Odd', message: 'no', code: 1 })
    expect(thrown).not.toBeInstanceOf(Error)
  })

  it.each([
    ['(string)', 'no', 'no'],
    ['(number)', '5', 5],
    ['(boolean)', 'true', true],
    ['(boolean)', 'false', false],
    ['(null)', 'null', null],
    ['(undefined)', 'undefined', undefined],
    ['(symbol)', 'Symbol(no)', 'Symbol(no)'],
  ])('gives the value of what was no object: %s %s', (name, message, value) => {
    expect(reviveError({ name, message, classes: [] })).toBe(value)
  })

  it('keeps the code of a DOMException, which goes by its name', () => {
    const shape = { name: 'TimeoutError', message: 'late', classes: ['DOMException', 'Error'], fields: { code: 23 } }
    expect(reviveError(shape)).toHaveProperty('code', 23)
    expect(reviveError({ ...shape, fields: { code: 99 } })).toHaveProperty('code', 99)
  })

  it('keeps the cause and the errors', () => {
    const inner: ErrorShape = { name: 'Error', message: 'inner', classes: ['Error'], fields: { code: 'ECONNRESET' } }
    const error = reviveError({
      name: 'AggregateError',
      message: '',
      classes: ['AggregateError', 'Error'],
      errors: [inner],
      cause: inner,
    })
    expect(error).toMatchObject({ errors: [{ code: 'ECONNRESET' }], cause: { message: 'inner', code: 'ECONNRESET' } })
  })
})
