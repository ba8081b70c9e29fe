import { release } from '@fetchstack/handler-stack'
import { requestsTo } from '../inputs.ts'
import type { RuleChecks } from '../rule.ts'
import type { SeenRequest } from '../server.ts'
import type { Stage } from '../stage.ts'

export const origins: RuleChecks = {
  name: 'origins',
  asks: 'A credential goes to the origins that it is for, and to no other, redirects included.',
  checks: ({ secrets }) =>
    secrets.length === 0
      ? []
      : [
          {
            name: 'a request to another origin',
            run: async (stage) => {
              const { server } = stage
              const url = server.script('200', server.otherUrl)
              await go(stage, url)
              stage.check(
                !(await requestsTo(stage, url)).some((seen) => holds(stage, seen)),
                'another origin got a credential.',
              )
              const own = server.script('200')
              await go(stage, own)
              stage.check(
                (await requestsTo(stage, own)).some((seen) => holds(stage, seen)),
                `none of declares.secrets was sent to ${server.url}. Give the values as they are sent, and a middleware for that origin.`,
              )
            },
          },
          {
            name: 'a redirect to another origin',
            run: async (stage) => {
              const { server } = stage
              const target = server.script('200', server.otherUrl)
              await go(stage, server.script(`302;location=${encodeURIComponent(target)}`))
              stage.check(
                !(await requestsTo(stage, target)).some((seen) => holds(stage, seen)),
                'a redirect took a credential to another origin: fetch takes every header along but authorization.',
              )
            },
          },
        ],
}

/** Whether a request may go is not asked here, only what it has with it. */
async function go(stage: Stage, url: string): Promise<void> {
  try {
    release(await stage.settled(stage.api()(url), 'a call'))
  } catch (error) {
    if (error instanceof Error && error.name === 'ConformanceError') throw error
  }
}

function holds(stage: Stage, { url, headers, text }: SeenRequest): boolean {
  const all = [decode(url), ...Object.values(headers), text]
  return stage.declared.secrets.some((secret) => all.some((part) => part.includes(secret)))
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
