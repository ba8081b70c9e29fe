import {
  defineMiddleware,
  type FetchFunction,
  fetchHandler,
  HandlerStack,
  type Middleware,
} from '@fetchstack/handler-stack'
import { tap } from '@fetchstack/handler-stack/middleware'
import type { SeenRequest } from '@fetchstack/testing/conformance'
import fc from 'fast-check'
import type { Case, CaseContext, Observation, Suite } from '../contract.ts'
import { difference } from '../difference.ts'
import { observe } from './observe.ts'
import { type Plan, plans } from './plan.ts'

// The same generated call, through the bare fetch and through stacks that change nothing: whatever a caller can see must be equal.

const direct: Middleware = (next) => next
const plain: Middleware = (next) => (request, call) => next(request, call)
const asynchronous: Middleware = (next) => async (request, call) => {
  const response = await next(request, call)
  return response
}
const described = defineMiddleware({ name: 'described' }, (next) => (request, call) => next(request, call))

/** Fetches over a fetch, by name. */
export type Subjects = Readonly<Record<string, (base: FetchFunction) => FetchFunction>>

const subjects: Subjects = {
  'no middleware': (base) => HandlerStack.create(fetchHandler(base)).toFetch(),
  'pass-through': (base) =>
    HandlerStack.create(fetchHandler(base))
      .push(direct)
      .push(plain, 'plain')
      .push(asynchronous, 'async')
      .push(described)
      .push(
        tap(() => {}),
        'tap',
      )
      .when(() => true, plain)
      .when(() => false, asynchronous)
      .push(HandlerStack.create().push(plain), 'nested')
      .toFetch(),
}

const CALLS = 20
const CASES = 12

const generated: readonly Case[] = Array.from({ length: CASES }, (_, index) => ({
  id: `generated/${String(index + 1).padStart(2, '0')}`,
  group: 'generated calls',
  timeLimit: 60_000,
  run: (context) => compare(fc.sample(plans, { seed: 1000 + index, numRuns: CALLS }), context.server, subjects),
}))

/** Makes each call with the bare fetch and with all subjects, and tells what differs. */
export async function compare(
  calls: readonly Plan[],
  server: Pick<CaseContext['server'], 'script' | 'until' | 'reset'>,
  subjects: Subjects,
): Promise<{ readonly compared: boolean; readonly differences: readonly string[] }> {
  const differences: string[] = []
  let compared = 0
  for (const plan of calls) {
    const seen: Record<string, Observation> = {}
    const urls: Record<string, string> = {}
    for (const [name, build] of [['fetch', same] as const, ...Object.entries(subjects)]) {
      urls[name] = server.script(plan.script)
      seen[name] = await observe(plan, urls[name], build)
    }
    const { requests } = await server.until({ activeRequests: 0 })
    // Bun, Deno and browsers send a request again by themselves, a POST too, when a connection that they kept alive breaks under it.
    // Which of the calls meets such a connection is chance.
    const most = ['reset', 'close'].includes(plan.script) ? 1 : Number.POSITIVE_INFINITY
    const wire = (name: string): unknown =>
      requests
        .filter(({ url }) => urls[name]!.endsWith(url))
        .slice(0, most)
        .map(({ method, headers, text, complete }) => withoutBoundary({ method, headers, text, complete }))
    const expected = { ...normal(seen['fetch']!, plan), wire: wire('fetch') }
    if (seen['fetch']!['unmakeable'] !== true) compared++
    for (const name of Object.keys(subjects)) {
      const problem = difference(expected, { ...normal(seen[name]!, plan), wire: wire(name) })
      if (problem !== undefined) differences.push(`${name}: ${JSON.stringify(plan)}\n${problem}`)
    }
    await server.reset()
  }
  // Some arguments can't be made in some runtimes; all of a case can't be among them.
  return { compared: compared > 0, differences }
}

const same = (base: FetchFunction): FetchFunction => base

/**
 * What is known to differ, and why: an address that is no absolute URL. A bare `fetch` says so in a `TypeError` whose text has the
 * whole of it, password and all, and only after it found the other mistakes. The stack's `TypeError` leaves out what is secret.
 */
function normal(observation: Observation, { target }: Plan): Observation {
  const error = observation['error'] as { readonly isTypeError?: boolean } | undefined
  const noUrl = ['relative', 'invalid', 'empty'].includes(target)
  return noUrl && error?.isTypeError === true ? { error: 'a TypeError' } : observation
}

/** Each runtime makes up a boundary per form. It stands at the start of the body. */
function withoutBoundary(request: Partial<SeenRequest>): unknown {
  const text = JSON.stringify(request)
  const boundary = /^--([\w-]+)\r\n/.exec(request.text ?? '')?.[1]
  return JSON.parse(boundary === undefined ? text : text.replaceAll(boundary, '<boundary>'))
}

/** What generated calls can't show. */
const fixed: readonly Case[] = [
  {
    id: 'statics',
    group: 'statics of fetch',
    run: async () => {
      const api = HandlerStack.create().toFetch() as unknown as Record<string, unknown>
      const bare = fetch as unknown as Record<string, unknown>
      return { missing: Object.keys(bare).filter((name) => api[name] !== bare[name]) }
    },
  },
  {
    id: 'upload-stream',
    group: 'streams',
    run: async () => {
      const results: Record<string, unknown> = {}
      for (const [name, build] of Object.entries(subjects)) {
        let pulled = 0
        const body = new ReadableStream<Uint8Array>(
          { pull: (controller) => (pulled++ < 5 ? controller.enqueue(new Uint8Array(1000)) : controller.close()) },
          { highWaterMark: 0 },
        )
        const api = build(async (_input, init) => {
          // Nobody may have read ahead, and the stream must be the caller's own.
          const untouched = pulled === 0 && init?.body === body && !body.locked
          const reader = body.getReader()
          await reader.read()
          return Response.json({ untouched, pulled })
        })
        const init = { method: 'POST', body, duplex: 'half' } as RequestInit
        results[name] = await (await api('https://api.example.com/', init)).json()
      }
      return results
    },
  },
  {
    id: 'download-stream',
    group: 'streams',
    run: async () => {
      const results: Record<string, unknown> = {}
      for (const [name, build] of Object.entries(subjects)) {
        let pulled = 0
        let cancelled: unknown
        const source = new ReadableStream<Uint8Array>(
          {
            pull: (controller) => {
              pulled++
              controller.enqueue(new Uint8Array(1000))
            },
            cancel: (reason) => {
              cancelled = reason
            },
          },
          { highWaterMark: 0 },
        )
        const given = new Response(source)
        const response = await build(async () => given)('https://api.example.com/')
        const before = pulled
        const reader = response.body!.getReader()
        await reader.read()
        const after = pulled
        await reader.cancel('enough')
        results[name] = { own: response === given, before, after, cancelled }
      }
      return results
    },
  },
]

export const suite: Suite = { name: 'fidelity', cases: [...generated, ...fixed] }
