import type { Check, RuleChecks } from '../rule.ts'
import { canned, nameError, spy, turn } from '../stage.ts'
import { changes } from './same-response.ts'

const CALLS = 40
// Some connections are kept for the next request, and not every runtime keeps one only.
const KEPT = 4

export const releases: RuleChecks = {
  name: 'releases',
  asks: 'Every response that is dropped is released: an unread body holds its connection.',
  checks: ({ resends, answersItself, changesResponse }) => [
    ...(resends === undefined ? [] : [dropped(resends), copies]),
    // Who makes the body anew may wait for all of it, and this one has no end.
    ...(answersItself || changes(changesResponse, 200) ? [] : [late]),
  ],
}

function dropped(step: string): Check {
  return {
    name: 'many calls that are sent again',
    run: async (stage) => {
      const { server } = stage
      const before = (await server.look()).openSockets
      // Connections that are open already would take as many leaks unseen.
      const calls = CALLS + before
      // It holds on to the responses: Node releases those that are collected, in its own time.
      const held = spy()
      const api = stage.api(held)
      // What has no answer has no body either.
      const large = /^\d/.test(step) ? `${step};size=200000` : step
      for (let index = 0; index < calls; index++) {
        const what = `a call that is answered with ${step}, then 200`
        await (await stage.answer(api(server.script(`${large},200`)), what)).arrayBuffer()
      }
      const { requests } = await server.look()
      stage.check(
        requests.length > calls,
        `declares.resends is "${step}", but upon ${calls} of those nothing was sent again.`,
      )
      const left = `more than ${KEPT} connections stay open after ${calls} calls`
      await stage.until(
        { openSockets: before + KEPT },
        `${left}. Release what is not given back: release(response), or read it to the end.`,
      )
    },
  }
}

const copies: Check = {
  name: 'the copy of a body that is not sent',
  run: async (stage) => {
    const given = new Request(stage.server.url, { method: 'PUT', body: 'x'.repeat(1_000) })
    const made: Request[] = []
    const clone = (): Request => {
      const copy = Request.prototype.clone.call(given)
      made.push(copy)
      return copy
    }
    Object.defineProperty(given, 'clone', { configurable: true, value: clone })
    const next = canned(async ({ source }) => {
      await source?.text()
      return new Response('ok')
    })
    await stage.answer(stage.api(next)(given), 'a Request with a body')
    await turn()
    for (const copy of [given, ...made]) {
      // Read, or cancelled: a reader gets nothing.
      if (copy.bodyUsed || copy.body === null || copy.body === undefined) continue
      const { done } = await stage.settled(copy.body.getReader().read(), 'reading a copy of the request')
      stage.check(done, 'a copy of the body was made to be sent again, and is neither sent nor released.')
    }
  },
}

const late: Check = {
  name: 'a response that comes after the abort',
  run: async (stage) => {
    let cancelled = false
    const body = new ReadableStream({
      cancel() {
        cancelled = true
      },
    })
    const gate: { open?: (response: Response) => void } = {}
    const next = canned(() => new Promise((resolve) => (gate.open = resolve)))
    const controller = new AbortController()
    const call = stage
      .api(next)(stage.server.url, { signal: controller.signal })
      .then(
        (response) => ({ response }),
        (error: unknown) => ({ error }),
      )
    for (let turns = 0; gate.open === undefined && turns < 20; turns++) await turn()
    const { open } = gate
    if (open === undefined) return stage.fail('the request did not reach next.')
    controller.abort()
    await turn()
    open(new Response(body))
    const outcome = await stage.settled(call, 'a call whose response came after the abort')
    await turn()
    if ('error' in outcome) {
      stage.check(
        cancelled,
        `the call was rejected (${nameError(outcome.error)}) while next was under way, and the response that came later was not released.`,
      )
    } else void outcome.response.body?.cancel().catch(() => {})
  },
}
