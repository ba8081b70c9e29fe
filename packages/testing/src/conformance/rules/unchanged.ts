import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import type { Check, RuleChecks } from '../rule.ts'
import { canned, nameError, type Stage } from '../stage.ts'

export const unchanged: RuleChecks = {
  name: 'unchanged',
  asks: "The caller's init, headers and Request are not written to, and the request goes on with nothing changed but what is declared.",
  checks: ({ changesRequest }) => [
    headers('a plain object', (entries) => ({ ...entries })),
    headers('Headers', (entries) => new Headers(entries)),
    headers('a list', (entries) => Object.entries(entries)),
    ofRequest,
    record,
    ...(changesRequest === true ? [] : [goesOn]),
  ],
}

const given = { 'x-kit': 'one', accept: 'text/x-kit' }

function headers(name: string, make: (entries: Record<string, string>) => HeadersInit): Check {
  return {
    name: `headers of init: ${name}`,
    run: async (stage) => {
      const own = make(given)
      const init = { method: 'POST', headers: own, body: 'x' }
      const image = (): string => JSON.stringify([init, [...new Headers(own)]])
      const before = image()
      await go(stage, init)
      stage.check(
        image() === before,
        `init was ${before} before the call and is ${image()} after it. Make a copy: request.with().`,
      )
      stage.check(init.headers === own, 'init.headers is another object after the call.')
    },
  }
}

const ofRequest: Check = {
  name: 'headers of a Request',
  run: async (stage) => {
    const request = new Request(stage.server.url, { headers: given })
    const before = JSON.stringify([...request.headers])
    await stage.answer(stage.api(canned())(request), 'a call with a Request')
    const after = JSON.stringify([...request.headers])
    stage.check(after === before, `the Request had the headers ${before} before the call and has ${after} after it.`)
  },
}

const record: Check = {
  name: 'the request that the layer was given',
  run: async (stage) => {
    const request = HttpRequest.from(stage.server.url, { method: 'POST', headers: { ...given } })
    const image = (): string => JSON.stringify([request.url, request.init, Object.keys(request)])
    const before = image()
    const { init } = request
    const handler = new HandlerStack(canned()).push(stage.make() as never, 'subject').resolve()
    await stage.answer(Promise.resolve(handler(request, new Call())), 'a call')
    stage.check(
      image() === before && request.init === init,
      'the layers outside still hold the request that this one has written to. Make a copy: request.with().',
    )
  },
}

const goesOn: Check = {
  name: 'what goes on',
  run: async (stage) => {
    const { changesRequest, answersItself } = stage.declared
    const next = canned()
    const url = `${stage.server.url}/path?query=1`
    const response = stage.api(next)(url, { method: 'PUT', headers: { ...given, 'x-other': 'two' }, body: 'body' })
    await stage.answer(response, 'a call')
    const request = next.passes.at(-1)?.request
    if (request === undefined) {
      stage.check(answersItself === true, 'the request did not reach next.')
      return
    }
    const declared =
      changesRequest === false ? [] : (changesRequest as readonly string[]).map((name) => name.toLowerCase())
    const differences: string[] = []
    if (request.url !== url) differences.push(`the URL is ${request.url}`)
    if (request.method !== 'PUT') differences.push(`the method is ${request.method}`)
    if (request.body !== 'body') differences.push('the body is another one')
    const wanted = new Headers({ ...given, 'x-other': 'two' })
    const sent = new Headers(request.headers)
    for (const name of new Set([...wanted.keys(), ...sent.keys()])) {
      if (wanted.get(name) === sent.get(name) || declared.includes(name)) continue
      // By its name only: the value may be a credential.
      differences.push(`the header ${name} was ${sent.has(name) ? (wanted.has(name) ? 'changed' : 'added') : 'lost'}`)
    }
    stage.check(
      differences.length === 0,
      `${differences.join(', ')}. If that is meant: declare changesRequest with the names of the headers, or true.`,
    )
  },
}

async function go(stage: Stage, init: RequestInit): Promise<void> {
  try {
    await stage.settled(stage.api(canned())(stage.server.url, init), 'a call')
  } catch (error) {
    if (error instanceof Error && error.name === 'ConformanceError') throw error
    stage.fail(`the call was rejected (${nameError(error)}).`, error)
  }
}
