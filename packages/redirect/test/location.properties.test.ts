import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { locationOf } from '../src/location.ts'

const from = new URL('https://api.example.com/videos?page=2#top')
const latin1 = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
const piece = fc.constantFrom(
  '/',
  '//',
  ', ',
  ',',
  ' ',
  ':',
  'https:',
  'x:',
  '?',
  '#',
  '@',
  '..',
  '%',
  '[',
  '\u00c3\u00a9',
  'a',
)
const near = fc.array(piece).map((pieces) => pieces.join(''))
const respond = (location: string): Response => new Response(null, { status: 302, headers: { location } })

test('any Location is a URL or none, without an exception, and keeps the fragment unless it has its own', () => {
  fc.assert(
    fc.property(fc.oneof(latin1, near), (location) => {
      const target = locationOf(respond(location), from)
      if (target === undefined) return
      expect(URL.canParse(target.href)).toBe(true)
      if (!location.includes('#')) expect(target.hash).toBe('#top')
    }),
    { numRuns: 1000 },
  )
  expect(from.href).toBe('https://api.example.com/videos?page=2#top')
})

test.each([
  ['values', '/a, '.repeat(100_000)],
  ['what looks like a scheme', `, ${'a'.repeat(1_000_000)}`],
  ['bytes that are no UTF-8', '\u00e9'.repeat(1_000_000)],
])('a megabyte of %s is read in linear time', (_, location) => {
  // A quadratic reading would take minutes and run into the timeout of the test.
  expect(() => locationOf(respond(location), from)).not.toThrow()
})
