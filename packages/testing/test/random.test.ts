import { expect, it } from 'vitest'
import { fixedRandom, seededRandom } from '../src/index.ts'

it('fixedRandom gives its values in turn, and then again', () => {
  const random = fixedRandom(0, 0.25, 0.999)
  expect(Array.from({ length: 5 }, random)).toEqual([0, 0.25, 0.999, 0, 0.25])
})

it.each([[[]], [[1]], [[-0.1]], [[0.5, Number.NaN]]])('fixedRandom refuses %o', (values) => {
  expect(() => fixedRandom(...values)).toThrow(/^fixedRandom: values/)
})

it('seededRandom repeats itself for the same seed', () => {
  const [one, other] = [seededRandom(7), seededRandom(7)]
  expect(Array.from({ length: 5 }, one)).toEqual(Array.from({ length: 5 }, other))
  expect(seededRandom(8)()).not.toBe(seededRandom(7)())
})
