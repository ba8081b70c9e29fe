import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { contestants } from './contestants.ts'
import { type Contestant, measure, type Plan, type Timing } from './measure.ts'

/** The same calls over a real connection on loopback, bodies read: what is left of the differences. */
export async function loopback(plan: Plan): Promise<Timing[]> {
  const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)))
  try {
    const [port] = (await once(server, 'message')) as [number]
    const all = contestants((input, init) => fetch(input, init), `http://127.0.0.1:${port}/videos`)
    return await measure(all.map(withBody), plan)
  } finally {
    server.disconnect()
  }
}

function withBody({ name, run }: Contestant): Contestant {
  return {
    name,
    async run() {
      const result = (await run()) as Response | { readonly data: ReadableStream }
      if ('data' in result) await new Response(result.data).arrayBuffer()
      else if (!result.bodyUsed) await result.arrayBuffer()
    },
  }
}
