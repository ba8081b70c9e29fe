import type { StackFetch } from '@fetchstack/handler-stack'
import type { Check, RuleChecks } from '../rule.ts'
import { nameError, type Stage, turn } from '../stage.ts'
import { makeOf } from '../subject.ts'
import type { Waits } from '../types.ts'
import { changes } from './same-response.ts'

export const abort: RuleChecks = {
  name: 'abort',
  asks: 'An abort ends a call at once, wherever it waits, with the very reason of the signal, and cuts the request off.',
  checks: ({ waits, changesResponse, answersItself }) => [
    before,
    ...(answersItself ? [] : [duringHeaders, byRequest]),
    // Who makes the body anew may have it whole before.
    ...(answersItself || changes(changesResponse, 200) ? [] : [duringBody]),
    ...(waits === undefined ? [] : [duringOwnWait(waits)]),
  ],
}

const REASON = 'the caller changed its mind'

/** Makes a call, aborts it, and gives what it was rejected with. */
type Scenario = (fetch: StackFetch<object>, controller: AbortController) => Promise<unknown>

const before: Check = {
  name: 'before the call',
  run: async (stage) => {
    const { server } = stage
    await play(stage, (fetch, controller) => {
      controller.abort(new Error(REASON))
      return stage.rejection(
        fetch(server.script('200'), { signal: controller.signal }),
        'a call that is aborted before',
      )
    })
  },
}

const duringHeaders: Check = {
  name: 'during headers',
  run: async (stage) => {
    const { server } = stage
    await play(stage, async (fetch, controller) => {
      return endWhenSent(stage, () => fetch(server.script('stall'), { signal: controller.signal }), controller)
    })
  },
}

const byRequest: Check = {
  name: 'during headers, by the signal of a Request',
  run: async (stage) => {
    const { server } = stage
    await play(stage, async (fetch, controller) => {
      const { signal } = controller
      return endWhenSent(stage, () => fetch(new Request(server.script('stall'), { signal })), controller)
    })
  },
}

const duringBody: Check = {
  name: 'during body',
  run: async (stage) => {
    const { server } = stage
    await play(stage, async (fetch, controller) => {
      const active = await underWay(stage)
      const { signal } = controller
      const response = await stage.answer(fetch(server.script('stall-body'), { signal }), 'a body that stalls')
      const text = response.text()
      await turn(1)
      controller.abort(new Error(REASON))
      const error = await stage.rejection(text, 'reading a body that was aborted')
      await stage.until(
        { activeRequests: active },
        'the call is over, and the request is still under way at the server.',
      )
      return error
    })
  },
}

function duringOwnWait({ after, middleware }: Waits): Check {
  return {
    name: after === undefined ? 'while it waits before it sends' : `while it waits after ${after}`,
    run: async (stage) => {
      const { server } = stage
      const { activeRequests } = await server.look()
      const made = middleware && makeOf(middleware)
      const api = stage.api(undefined, made)
      const reason = new Error(REASON)
      const controller = new AbortController()
      const call = api(server.script(`${after ?? '200'},200`), { signal: controller.signal })
      let over = false
      const end = (): void => {
        over = true
      }
      call.then(end, end)
      if (after !== undefined) await stage.until({ requests: 1, activeRequests }, 'the request was not sent.')
      // As long as it takes to see an answer, and to begin to wait.
      for (let turns = 0; turns < 5; turns++) await turn(4)
      const { requests } = await server.look()
      const sent = after === undefined ? 0 : 1
      stage.check(
        !over && requests.length === sent,
        `declares.waits: it did not wait: ${requests.length} requests were sent${over ? ', and the call is over' : ''}.`,
      )
      controller.abort(reason)
      const error = await stage.rejection(call, 'a call that was aborted while the middleware waited')
      stage.check(error === reason, `it was rejected with ${nameError(error)}, not with the reason of the signal.`)
      await turn(4)
      const { requests: later } = await server.look()
      stage.check(later.length === sent, 'a request was sent after the abort.')
    },
  }
}

/** Aborts a call whose request has arrived, and sees to it that the request ends too. */
async function endWhenSent(stage: Stage, call: () => Promise<Response>, controller: AbortController): Promise<unknown> {
  const { server } = stage
  const { requests, activeRequests } = await server.look()
  const outcome = stage.rejection(call(), 'a call that was aborted while it waited for headers')
  outcome.catch(() => {})
  await stage.until({ requests: requests.length + 1 }, 'the request did not arrive.')
  controller.abort(new Error(REASON))
  const error = await outcome
  await stage.until(
    { activeRequests },
    'the call is over, and the request is still under way at the server: pass the signal on.',
  )
  return error
}

async function underWay({ server }: Stage): Promise<number> {
  return (await server.look()).activeRequests
}

/** The reason must be the signal's own, unless the runtime's fetch itself gives a copy (workerd). */
async function play(stage: Stage, scenario: Scenario): Promise<void> {
  const { error, reason } = await perform(stage.api(), scenario)
  if (error === reason) return
  const plain = await perform(globalThis.fetch as StackFetch<object>, scenario)
  const sameCopy = plain.error !== plain.reason && nameError(error) === nameError(plain.error)
  stage.check(
    sameCopy,
    `it was rejected with ${nameError(error)}, not with the reason of the signal: that very object.`,
  )
}

async function perform(fetch: StackFetch<object>, scenario: Scenario): Promise<{ error: unknown; reason: unknown }> {
  const controller = new AbortController()
  const error = await scenario(fetch, controller)
  return { error, reason: controller.signal.reason }
}
