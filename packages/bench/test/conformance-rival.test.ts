import { readFileSync } from 'node:fs'
import { type FetchWrapper, fromFetchWrapper, type Middleware } from '@fetchstack/handler-stack'
import { type ConformanceError, conformance, type Declares } from '@fetchstack/testing/conformance'
import { withHeaders, withRetry, withTimeout } from 'fetch-extras'
import { expect, it } from 'vitest'
import { retry } from 'wretch/middlewares'

const document = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8')
const lift = (wrapper: unknown): Middleware => fromFetchWrapper(wrapper as FetchWrapper)

const extrasRetry = (): Middleware => lift(withRetry({ retries: 2, backoff: () => 1 }))
const wretchRetry = (delayTimer: number): Middleware =>
  lift(
    retry({ maxAttempts: 2, delayTimer, delayRamp: (delay) => delay, until: (response) => response?.status !== 503 }),
  )

const rivals: readonly (readonly [name: string, make: () => Middleware, declares: Declares])[] = [
  ['fetch-extras `withTimeout`', () => lift(withTimeout(10_000)), {}],
  ['fetch-extras `withHeaders`', () => lift(withHeaders({ 'x-own': '1' })), { changesRequest: ['x-own'] }],
  ['fetch-extras `withRetry`', extrasRetry, { resends: '503', waits: { after: '503;retry-after=30' } }],
  [
    'wretch `retry`',
    () => wretchRetry(1),
    { resends: '503', waits: { after: '503', middleware: () => wretchRetry(30_000) } },
  ],
]

it.each(rivals)('the row of %s in docs/conformance.md is what the kit finds', async (name, make, declares) => {
  const cases = conformance(make, { name, declares })
  const broken: string[] = []
  for (const one of cases) {
    await one
      .run()
      .catch((error: ConformanceError) => broken.push(`\`${error.rule}\` (${one.name.replace(/^.*?: /, '')})`))
  }
  const row = `| ${name} | ${cases.length - broken.length} of ${cases.length} | ${broken.join(', ') || 'none'} |`
  expect(document.replaceAll(/ {2,}/g, ' ').split('\n')).toContain(row)
})
