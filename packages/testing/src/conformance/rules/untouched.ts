import { fetchHandler, release } from '@fetchstack/handler-stack'
import type { RuleChecks } from '../rule.ts'
import { canned, spy } from '../stage.ts'
import { changes } from './same-response.ts'

export const untouched: RuleChecks = {
  name: 'untouched',
  asks: 'Nothing that is passed on is read, locked or cloned: no request, no response.',
  checks: ({ changesRequest, changesResponse, resends }) => [
    ...(changes(changesResponse, 200) ? [] : responseChecks),
    ...(changesRequest === true ? [] : requestChecks),
    ...(changesRequest === true || resends !== undefined ? [] : sourceChecks),
  ],
}

const responseChecks: ReturnType<RuleChecks['checks']> = [
  {
    name: 'the response is not read and not cloned',
    run: async (stage) => {
      const fetching = fetchHandler()
      let clones = 0
      const next = spy(async (request, call) => {
        const response = await fetching(request, call)
        return trapClone(response, () => clones++)
      })
      const response = await stage.answer(stage.api(next)(stage.server.script('200;body=hello')), 'status 200')
      const given = next.passes.at(-1)?.response ?? response
      stage.check(
        clones === 0,
        'the response was cloned. A clone keeps in memory what its slower reader has not read yet.',
      )
      stage.check(!given.bodyUsed && given.body?.locked !== true, 'the body of the response was read or locked.')
      const text = await stage.settled(response.text(), 'reading the body')
      stage.check(text === 'hello', `the body is ${JSON.stringify(text)}, and the server sent "hello".`)
    },
  },
  {
    name: 'a body that never ends does not hold the response up',
    run: async (stage) => {
      const promise = stage.api()(stage.server.script('stall-body'))
      const what = 'a response whose headers are there and whose body has stalled (is it read before it is handed on?)'
      release(await stage.answer(promise, what))
    },
  },
]

const requestChecks: ReturnType<RuleChecks['checks']> = [
  {
    name: 'a stream is not read',
    run: async (stage) => {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) })
      let free: boolean | undefined
      const next = canned((request) => {
        free = !(request.body as ReadableStream).locked
        stage.check(request.body === body, 'the stream of the request arrived as another object.')
        return new Response('ok')
      })
      const init = { method: 'PUT', body, duplex: 'half' } as const
      await stage.answer(stage.api(next)(stage.server.url, init), 'a request with a stream')
      stage.check(free !== false, 'the stream of the request was read or locked.')
    },
  },
  {
    name: 'a body is handed on as the same object',
    run: async (stage) => {
      const bodies: readonly BodyInit[] = [
        new Blob(['x']),
        new FormData(),
        new URLSearchParams('a=b'),
        new Uint8Array(3),
      ]
      for (const body of bodies) {
        const kind = Object.prototype.toString.call(body)
        const next = canned((request) => {
          stage.check(request.body === body, `${kind} as a body arrived as another object.`)
          return new Response('ok')
        })
        await stage.answer(stage.api(next)(stage.server.url, { method: 'PUT', body }), `a request with ${kind}`)
      }
    },
  },
]

const sourceChecks: ReturnType<RuleChecks['checks']> = [
  {
    name: "the caller's Request is not read and not cloned",
    run: async (stage) => {
      let clones = 0
      const given = trapClone(new Request(stage.server.url, { method: 'PUT', body: 'x' }), () => clones++)
      let same = true
      let used = false
      const next = canned(({ source }) => {
        same = source === given
        used = given.bodyUsed
        return new Response('ok')
      })
      await stage.answer(stage.api(next)(given), 'a Request with a body')
      stage.check(clones === 0, 'the Request was cloned, and nothing is sent again (if it is: declare resends).')
      stage.check(!used, 'the body of the Request was read before it was sent.')
      stage.check(same, 'the Request arrived as another object: its own fields, such as those of a runtime, are lost.')
    },
  },
]

function trapClone<T extends { clone(): unknown }>(value: T, onClone: () => void): T {
  return Object.defineProperty(value, 'clone', {
    configurable: true,
    value: (): unknown => {
      onClone()
      return (Object.getPrototypeOf(value) as T).clone.call(value)
    },
  })
}
