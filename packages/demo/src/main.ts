import process from 'node:process'
import type { AnyStack } from '@fetchstack/handler-stack'
import { stackKy } from '@fetchstack/ky'
import { API_KEY, startVideoApi } from './api.ts'
import { type Arguments, HELP, readArguments } from './arguments.ts'
import { type DemoCall, demoCalls } from './calls.ts'
import { composeStack } from './stack.ts'
import { ms, paint, progressLine } from './terminal.ts'
import { type Outcome, timeline } from './timeline.ts'

const progress = progressLine()

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2))
  if (args.help) {
    console.log(HELP)
    return 0
  }
  return args.url === undefined ? videoDemo(args) : ownEndpoint(args, args.url)
}

async function videoDemo({ seed }: Arguments): Promise<number> {
  const server = await startVideoApi()
  try {
    const stack = makeStack(server.url, API_KEY, seed)
    console.log(`A failing video API listens on ${server.url}. One stack for a ky client and a plain fetch:\n`)
    console.log(`${stack}\n`)
    const api = stackKy<object>(stack, { baseUrl: `${server.url}/` })
    const began = Date.now()
    const problems: string[] = []
    const calls = demoCalls(api, stack.toFetch(), server)
    for (const call of calls) problems.push(...(await show(call)))
    const sent = server.requests.length
    console.log(
      `\n${calls.length} calls, ${sent} requests at the server, ${ms(Date.now() - began)}. Repeat this run with --seed ${seed}.`,
    )
    for (const problem of problems) console.error(paint('red', `Wrong: ${problem}`))
    if (problems.length > 0) return 1
    console.log(
      paint(
        'green',
        'Every call ended as it should: what can be resent safely got through, the rest was given up with a reason.',
      ),
    )
    return 0
  } finally {
    await server.close()
  }
}

async function ownEndpoint({ seed, key }: Arguments, url: URL): Promise<number> {
  const stack = makeStack(url.origin, key, seed)
  console.log(`${stack}\n`)
  const api = stackKy(stack, { throwHttpErrors: false })
  const fetch = stack.toFetch()
  const outcomes = [
    await run(`GET ${url.pathname}  (ky)`, () => api.get(url)),
    await run(`GET ${url.pathname}  (fetch)`, () => fetch(url)),
  ]
  const failed = outcomes.filter(({ response }) => response?.ok !== true).length
  console.log(`\n${outcomes.length} calls, ${failed} failed. Repeat this run with --seed ${seed}.`)
  return failed === 0 ? 0 : 1
}

function makeStack(origin: string, key: string | undefined, seed: number): AnyStack {
  return composeStack({
    origin,
    key,
    seed,
    onDecision: ({ outcome, decision }) => {
      if (decision.action === 'retry' && decision.delay) progress.wait(outcome, decision.delay ?? 0)
    },
  })
}

async function show(call: DemoCall): Promise<string[]> {
  const { response, error } = await run(`${call.title}  (${call.client}): ${call.trouble}`, call.run)
  const seen = response === undefined ? String(error) : String(response.status)
  const problems =
    seen === String(call.expected) ? [] : [`${call.title} ended with ${seen} instead of ${call.expected}.`]
  const wrong = call.verify?.()
  return wrong === undefined ? problems : [...problems, `${call.title}: ${wrong}.`]
}

async function run(title: string, send: () => Promise<Response>): Promise<Outcome> {
  console.log(`\n${paint('bold', title)}`)
  const began = Date.now()
  let outcome: Outcome
  try {
    const response = await send()
    // The body belongs to the call: it may be slow, and unread it would hold its socket.
    await response.arrayBuffer()
    outcome = { response, elapsed: Date.now() - began }
  } catch (error) {
    outcome = { error, elapsed: Date.now() - began }
  }
  progress.done()
  console.log(timeline(outcome))
  return outcome
}

try {
  process.exitCode = await main()
} catch (error) {
  progress.done()
  console.error(paint('red', `The demo could not run: ${error instanceof Error ? error.message : String(error)}`))
  process.exitCode = 2
}
