import { checkFunction } from '@fetchstack/options'
import type { ConformanceCase } from './types.ts'

/** `test` of vitest, node:test or bun:test, or `Deno.test`: takes a name and a function. */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown

/**
 * Hands each case to a test runner. The same as `for (const { name, run } of cases) test(name, run)`.
 *
 * @throws {OptionError} `test` is no function, or `cases` is no list of cases.
 * @example
 * ```ts
 * import test from 'node:test'
 * import { timeout } from '@fetchstack/timeout'
 * import { conformance, register } from '@fetchstack/testing/conformance'
 *
 * register(test, conformance(() => timeout(10_000)))
 * ```
 */
export function register(test: TestFunction, cases: Iterable<ConformanceCase>): void {
  checkFunction('register', 'test', test)
  for (const { name, run } of cases) test(name, run)
}
