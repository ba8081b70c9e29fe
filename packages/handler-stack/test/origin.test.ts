import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HttpRequest, InvalidUrlError, originOf } from '../src/index.ts'
import { thrown } from './helpers.ts'

function parsed(url: string): string | undefined {
  return URL.parse(url)?.origin
}

function found(url: string): string | undefined {
  try {
    return originOf(url)
  } catch (error) {
    if (error instanceof InvalidUrlError) return undefined
    throw error
  }
}

describe('originOf', () => {
  test.each([
    ['https://api.example.com/videos?page=2', 'https://api.example.com'],
    ['https://api.example.com:443/', 'https://api.example.com'],
    ['http://api.example.com:80', 'http://api.example.com'],
    ['https://api.example.com:8443?x', 'https://api.example.com:8443'],
    ['HTTPS://API.Example.COM/', 'https://api.example.com'],
    ['https://me:pw@api.example.com/', 'https://api.example.com'],
    ['https://evil.example\\@api.example.com/', 'https://evil.example'],
    ['https://api.example.com@evil.example/', 'https://evil.example'],
    ['http://[::1]:3000/', 'http://[::1]:3000'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example'],
    ['http://127.1/', 'http://127.0.0.1'],
    ['https://\t/api.example.com/', 'https://api.example.com'],
    ['data:,x', 'null'],
  ])('of %j is %s', (url, origin) => {
    expect(originOf(url)).toBe(origin)
    expect(originOf(url)).toBe(origin)
    expect(HttpRequest.from(url).origin).toBe(origin)
  })

  test.each([
    ['/videos'],
    ['https://'],
    ['https://a b/'],
    ['https://a /'],
    ['http://[::1/'],
    ['http://a:99999/'],
    [''],
  ])('of %j is an error', (url) => {
    expect(thrown(() => originOf(url))).toBeInstanceOf(InvalidUrlError)
    expect(thrown(() => originOf(url))).toBeInstanceOf(InvalidUrlError)
  })

  test('is what new URL says, remembered or not, whatever the text', () => {
    const piece = fc.constantFrom(
      'http:',
      'https:',
      'HTTP:',
      'ws:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      ':80',
      ':443',
      ':99999',
      '?',
      '#',
      '\t',
      '\n',
      ' ',
      '.',
      'a',
      'Example.COM',
      'user:pw@',
      '[::1]',
      '[',
      ']',
      '127.0.0.1',
      '0x7f.1',
      '%2f',
      '%',
      'ü',
      '_',
      '-',
      '\0',
      '\u00ad',
      '。',
    )
    const start = fc.constantFrom('https://', 'http://', 'HTTPS://', '')
    const url = fc.tuple(start, fc.array(piece, { maxLength: 8 })).map(([head, rest]) => head + rest.join(''))
    fc.assert(
      fc.property(url, (text) => {
        expect(found(text)).toBe(parsed(text))
        expect(found(text)).toBe(parsed(text))
      }),
      { numRuns: 10_000 },
    )
    fc.assert(
      fc.property(fc.webUrl(), (text) => {
        expect(originOf(text)).toBe(parsed(text))
      }),
    )
  })

  test('is right also for more origins than are remembered', () => {
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1_500; index++) {
        expect(originOf(`https://host-${index}.example/x`)).toBe(`https://host-${index}.example`)
      }
    }
  })
})
