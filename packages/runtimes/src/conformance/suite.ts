import { type ConformanceCase, conformance, type TestServer } from '@fetchstack/testing/conformance'
import type { Case, Suite } from '../contract.ts'
import { type Subject, subjects } from './first-party.ts'

/** Every middleware of this project against every rule that is meant for it: a case each. */
export const suite: Suite = { name: 'conformance', cases: subjects.flatMap(casesOf) }

function casesOf(subject: Subject): Case[] {
  // Which rules are meant for it does not depend on the server.
  const rules = [...new Set(checks(subject, { url: 'http://127.0.0.1' }).map(({ rule }) => rule))]
  return rules.map((rule) => ({
    id: `${rule}/${subject.name}`,
    group: rule,
    timeLimit: 30_000,
    ...(subject.inapplicable && { inapplicable: subject.inapplicable }),
    run: async ({ server }) => {
      const passed: string[] = []
      for (const check of checks(subject, server).filter((one) => one.rule === rule)) {
        await check.run()
        passed.push(check.name)
      }
      return { passed }
    },
  }))
}

function checks(subject: Subject, server: Pick<TestServer, 'url'>): readonly ConformanceCase[] {
  return conformance(subject.make(server), {
    name: subject.name,
    declares: subject.declares?.(server) ?? {},
    // A machine that runs seven runtimes at once is slow, and what passes does not wait.
    patience: 8_000,
    server: server as TestServer,
  })
}
