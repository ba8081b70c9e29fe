import { type FetchFunction, HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { mapRequest } from '@fetchstack/handler-stack/middleware'
import { checkNumber } from '@fetchstack/options'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  type ConformanceCase,
  type ConformanceError,
  type ConformanceOptions,
  conformance,
  type Declares,
  localServer,
  type RuleName,
  register,
  rules,
  type Subject,
  type TestServer,
} from '../../src/conformance/index.ts'
import { broken } from './broken/index.ts'

const passThrough: Middleware = (next) =>
  function passThrough(request, call) {
    return next(request, call)
  }

/** A factory that can't do without its option. */
function limit(after: number): Middleware {
  checkNumber('limit', 'after', after)
  return passThrough
}

class Retry {
  readonly next: unknown

  constructor(next: unknown) {
    this.next = next
  }
}

/** Runs the cases and gives what they were rejected with. */
async function failuresOf(cases: readonly ConformanceCase[]): Promise<ConformanceError[]> {
  const failures: ConformanceError[] = []
  for (const { run } of cases) await run().catch((error: unknown) => failures.push(error as ConformanceError))
  return failures
}

describe('a middleware that does nothing keeps all rules', () => {
  it.each([
    ['as a middleware', passThrough],
    ['as what makes one', () => passThrough],
    ['as a stack', new HandlerStack().push(passThrough, 'one').push(passThrough, 'two')],
  ])('given %s', async (_, subject) => {
    expect(await failuresOf(conformance(subject))).toEqual([])
  })
})

describe('a middleware that is correct keeps what is meant for it', () => {
  const keepsBodies = (): Middleware => (next) =>
    async function keepsBodies(request, call) {
      const response = await next(request, call)
      if (response.status !== 200) return response
      const { url, redirected, type } = response
      const copy = new Response(await response.arrayBuffer(), response)
      return Object.defineProperties(copy, {
        url: { value: url },
        redirected: { value: redirected },
        type: { value: type },
      })
    }
  const hedge = (): Middleware => (next) =>
    async function hedge(request, call) {
      const spare = new AbortController()
      const signals = [spare.signal, ...(request.signal ? [request.signal] : [])]
      const sent = next(request.with({ signal: AbortSignal.any(signals) }), call)
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), 60_000)
      })
      try {
        return (await Promise.race([sent, late])) ?? (await Promise.any([sent, next(request, call)]))
      } finally {
        clearTimeout(timer)
      }
    }

  it.each<[string, () => Middleware, Declares]>([
    ['one that reads the whole body of a 200', keepsBodies, { changesResponse: [200] }],
    ['a hedge', hedge, {}],
  ])('%s', async (_, make, declares) => {
    expect(await failuresOf(conformance(make, { declares }))).toEqual([])
  })
})

describe('each rule has a middleware that breaks it', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await localServer()
  })
  afterAll(() => server.close())

  it('none is missing', () => {
    expect(
      rules()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(Object.keys(broken).toSorted())
  })

  const all = Object.entries(broken).flatMap(([rule, list]) =>
    list.map((one, index) => ({ rule, first: index === 0, ...one })),
  )

  it.each(all)(
    '$rule: $says is said, and of no other rule',
    async ({ rule, first, subject, declares = {}, says, alsoBreaks = [], hangs = false }) => {
      const options = { name: 'broken', declares, server: () => server }
      // All other rules with the first of each rule; with the others only what is meant.
      // What hangs here is meant to. All else has the time that it needs on a busy machine.
      const meant = new Set<string>([rule, ...alsoBreaks])
      const cases = [
        ...conformance(subject, { ...options, ...(hangs && { patience: 400 }) }).filter((one) => meant.has(one.rule)),
        ...conformance(subject, options).filter((one) => first && !meant.has(one.rule)),
      ]
      const failures = await failuresOf(cases)
      const own = failures.filter((error) => error.rule === rule)
      expect(own.map(({ message }) => message)).toContainEqual(expect.stringMatching(says))
      expect(own[0]).toMatchObject({ name: 'ConformanceError', code: 'FETCHSTACK_CONFORMANCE', subject: 'broken' })
      const others = new Set(failures.map((error) => error.rule).filter((other) => other !== rule))
      expect([...others].toSorted()).toEqual(alsoBreaks)
    },
  )
})

describe('what is no middleware is refused by name, with what to give', () => {
  const refused = (subject: unknown, options?: ConformanceOptions): unknown => {
    try {
      return conformance(subject as Subject, options)
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`
    }
  }

  it.each<[string, unknown, string]>([
    [
      'nothing',
      undefined,
      'what was given is of type undefined. Give a middleware, (next) => handler; a stack; or a function',
    ],
    ['null', null, 'what was given is null'],
    ['a list', [passThrough], 'what was given is an array'],
    ['the options', { maxAttempts: 3 }, 'what was given is of type object'],
    ['fetch', fetch, '"fetch" is no middleware, but a fetch'],
    [
      'what a stack becomes',
      HandlerStack.create().toFetch(),
      '"stackFetch" is a handler or a fetch: it gave a promise',
    ],
    [
      'a handler',
      async (request: unknown, _call: unknown) => request,
      'it gave a promise. Give the middleware around it',
    ],
    ['a factory that needs options', limit, '"limit" threw when it was given a handler (limit: after must be'],
    [
      'a factory that was not called',
      mapRequest,
      '"mapRequest" makes a middleware and was not called. Give its result: conformance(() => mapRequest(options))',
    ],
    ['a function that gives nothing', () => {}, 'what the function without parameters gave is of type undefined'],
    [
      'a middleware without a parameter',
      () => async () => new Response(),
      'one that never calls next has that parameter too',
    ],
    ['a function that gives a text', (_next: unknown) => 'handler', 'gave string for a handler'],
    ['a class', Retry, '"Retry" threw when it was given a handler'],
    [
      'a wrapper of fetch',
      function withRetry(fetch: FetchFunction): FetchFunction {
        return (input, init) => fetch(input, init)
      },
      '"withRetry" makes a fetch of a fetch. Lift it: conformance(() => fromFetchWrapper(withRetry))',
    ],
  ])('%s', (_, subject, message) => {
    expect(refused(subject)).toContain('OptionError: conformance: ')
    expect(refused(subject)).toContain(message)
  })

  it.each<[object, string]>([
    [{ declare: {} }, 'conformance: unknown option "declare". Did you mean "declares"?'],
    [{ declares: { resend: '503' } }, 'conformance.declares: unknown option "resend". Did you mean "resends"?'],
    [{ declares: { resends: '503,200' } }, 'resends must be one step of a script, like "503", got "503,200"'],
    [{ declares: { resends: 'resett' } }, 'there is no fault "resett". Did you mean "reset"?'],
    [
      { declares: { changesRequest: 'accept' } },
      'changesRequest must be true, false or a list of strings, got "accept"',
    ],
    [{ declares: { changesResponse: ['404'] } }, 'changesResponse must be true, false or a list of numbers'],
    [{ declares: { secrets: [''] } }, 'secrets: an empty text is in everything'],
    [{ declares: { refuses: ['streams'] } }, 'refuses must be one of "string", "URL"'],
    [{ declares: { waits: { until: 1 } } }, 'conformance.declares.waits: unknown option "until"'],
    [{ declares: { waits: { middleware: 1 } } }, 'conformance.declares.waits: what was given is of type number'],
    [{ declares: { wrote: 'x' } }, 'wrote must be a function'],
    [{ declares: { answersItself: 1 } }, 'answersItself must be one of'],
    [{ patience: 0 }, 'patience must be a number of milliseconds'],
    [{ name: 1 }, 'name must be a string'],
  ])('the options %j', (options, message) => {
    expect(refused(passThrough, options as ConformanceOptions)).toContain(message)
  })

  it('a server that is none, when the first case runs', async () => {
    const [first] = conformance(passThrough, { server: () => ({}) as never })
    await expect(first!.run()).rejects.toThrow('server must be a TestServer, like that of localServer(), or make one')
  })

  it('a runner that is none', () => {
    expect(() => register(undefined as never, [])).toThrow('register: test must be a function')
  })
})

describe('the server', () => {
  it('of the caller is started once, used by all cases and left open', async () => {
    const server = await localServer()
    onTestFinished(() => server.close())
    let started = 0
    const cases = conformance(passThrough, {
      server: () => {
        started++
        return server
      },
    })
    for (const { run } of cases) await run()
    expect(started).toBe(1)
    expect((await fetch(server.script('200'))).status).toBe(200)
  })

  it('has two origins, one view, and says what did not come', async () => {
    const server = await localServer()
    onTestFinished(() => server.close())
    await fetch(server.script('200', server.otherUrl), { method: 'PUT', body: 'Grüße' })
    await fetch(server.script('200'))
    const { requests } = await server.until({ requests: 2, activeRequests: 0 })
    expect(requests.map(({ number, method, text, bodyBytes }) => ({ number, method, text, bodyBytes }))).toEqual([
      { number: 1, method: 'PUT', text: 'Grüße', bodyBytes: 7 },
      { number: 2, method: 'GET', text: '', bodyBytes: 0 },
    ])
    await expect(server.until({ requests: 3 }, 10)).rejects.toThrow('2 requests received')
    await server.reset()
    expect((await server.look()).requests).toEqual([])
  })
})

it('what is declared decides which cases there are', () => {
  const rulesOf = (declares: Declares): Set<RuleName> =>
    new Set(conformance(() => passThrough, { declares }).map(({ rule }) => rule))
  const plain = rulesOf({})
  expect([...rulesOf({ resends: '503', secrets: ['s'] })].filter((rule) => !plain.has(rule)).toSorted()).toEqual([
    'origins',
  ])
  expect([...plain].filter((rule) => !rulesOf({ answersItself: true }).has(rule))).toEqual([
    'releases',
    'passes-on',
    'sync-throw',
  ])
  expect(new Set(conformance(passThrough).map(({ rule }) => rule))).not.toContain('state')
})

it('names are unique, and no case does anything before it is run', () => {
  let made = 0
  const cases = conformance(() => {
    made++
    return passThrough
  })
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  expect(made).toBe(1)
})
