import { conformance, register } from '@fetchstack/testing/conformance'
import { CookieJar } from 'tough-cookie'
import { describe, test } from 'vitest'
import { cookies, type Jar } from '../src/index.ts'

describe('cookies keeps the rules of a middleware', () => {
  register(
    test,
    conformance(() => cookies(new CookieJar())),
  )
})

describe('cookies with a slow jar keeps the rules of a middleware that waits', () => {
  const slow: Jar = { getCookieString: () => new Promise(() => {}), setCookie: () => {} }
  register(
    test,
    conformance(() => cookies(new CookieJar()), { declares: { waits: { middleware: () => cookies(slow) } } }),
  )
})
