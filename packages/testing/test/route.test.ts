import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parsePattern } from '../src/server/route.ts'

it.each([
  ['GET /videos', 'GET', '/videos', true],
  ['get /videos', 'GET', '/videos', true],
  ['GET /videos', 'POST', '/videos', false],
  ['GET /videos', 'GET', '/videos/', false],
  ['/videos', 'DELETE', '/videos', true],
  ['* /videos', 'DELETE', '/videos', true],
  ['/videos/:id', 'GET', '/videos/1', true],
  ['/videos/:id', 'GET', '/videos/', false],
  ['/videos/:id', 'GET', '/videos/1/2', false],
  ['/:a/x/:b', 'GET', '/1/x/2', true],
  ['/files/*', 'GET', '/files/', true],
  ['/files/*', 'GET', '/files/a/b', true],
  ['/files/*', 'GET', '/files', false],
  ['*', 'PATCH', '/', true],
  ['GET *', 'PATCH', '/', false],
  ['/a.b(c)', 'GET', '/a.b(c)', true],
  ['/a.b', 'GET', '/axb', false],
])('%s and %s %s: %s', (pattern, method, path, expected) => {
  expect(parsePattern('test', pattern).matches(method, path)).toBe(expected)
})

it.each(['', 'videos', 'GET', 'GET videos', '/a b', 'GET POST /a', '* *  *'])('%j is no pattern', (pattern) => {
  expect(() => parsePattern('test', pattern)).toThrow("can't be read")
})

it('a path without wildcards fits itself and nothing else', () => {
  const path = fc.stringMatching(/^\/[^\s:*?#]*$/)
  fc.assert(
    fc.property(path, path, (one, other) => {
      expect(parsePattern('test', one).matches('GET', other)).toBe(one === other)
    }),
  )
})
