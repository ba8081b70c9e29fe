import { checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import { ConformanceError } from './conformance-error.ts'
import { readDeclares } from './declares.ts'
import { localServer } from './local-server.ts'
import type { Rule } from './rule.ts'
import { allRules } from './rules/index.ts'
import type { TestServer } from './server.ts'
import { nameError, setStage } from './stage.ts'
import { readSubject, type Subject } from './subject.ts'
import type { ConformanceCase, ConformanceOptions } from './types.ts'

/**
 * Test cases that hold a middleware to the rules of this project, against a real server. Nothing runs before a case is run; each
 * rejects with a {@link ConformanceError} when its rule is broken. They run under any test runner, one after the other: some count
 * timers and read the console of the whole process.
 *
 * @param subject - A middleware, a stack, or better a function without parameters that makes one: then each case has a fresh one.
 * @param options - What it declares of itself, and where the server comes from.
 * @throws {OptionError} `subject` is no middleware, or an option can't be used.
 * @example
 * ```ts
 * import test from 'node:test'
 * import { retry } from '@fetchstack/retry'
 * import { conformance, register } from '@fetchstack/testing/conformance'
 *
 * register(test, conformance(() => retry({ budget: false }), { declares: { resends: '503' } }))
 * ```
 */
export function conformance(subject: Subject, options: ConformanceOptions = {}): readonly ConformanceCase[] {
  checkOptions('conformance', options, ['name', 'declares', 'server', 'patience'])
  const { name, server, patience = 2_000 } = options
  checkNumber('conformance', 'patience', patience, { min: 1, unit: 'milliseconds' })
  if (name !== undefined && typeof name !== 'string')
    throw new OptionError('conformance', 'name', 'name must be a string.')
  const known = readSubject('conformance', subject, name)
  const declared = readDeclares(options.declares)
  const servers = serverSource(server)
  return allRules.flatMap((rule) =>
    rule.checks(declared, known.fresh).map((check) => ({
      name: `${rule.name}: ${check.name}`,
      rule: rule.name,
      run: async () => {
        const { server, done } = await servers()
        try {
          await server.reset()
          await check.run(setStage(known, rule, server, declared, patience))
        } catch (error) {
          if (error instanceof ConformanceError) throw error
          throw new ConformanceError(known.name, rule.name, `${check.name}: it failed with ${nameError(error)}.`, error)
        } finally {
          await done()
        }
      },
    })),
  )
}

/** The rules, in the order of the cases: what there is to keep. */
// @__NO_SIDE_EFFECTS__
export function rules(): readonly Rule[] {
  return allRules.map(({ name, asks }) => ({ name, asks }))
}

interface Lent {
  readonly server: TestServer
  done(): Promise<void>
}

function serverSource(given: ConformanceOptions['server']): () => Promise<Lent> {
  if (given === undefined) {
    return async () => {
      const server = await localServer()
      return { server, done: () => server.close() }
    }
  }
  let started: Promise<TestServer> | undefined
  const start = async (): Promise<TestServer> => {
    const server = typeof given === 'function' ? await given() : given
    if (typeof (server as Partial<TestServer> | undefined)?.script !== 'function') {
      throw new OptionError(
        'conformance',
        'server',
        'server must be a TestServer, like that of localServer(), or make one.',
      )
    }
    return server
  }
  return async () => ({ server: await (started ??= start()), done: async () => {} })
}
