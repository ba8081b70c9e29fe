import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import type { CaseResult } from '../contract.ts'
import type { Job } from '../job.ts'
import { openCase } from './cases.ts'
import type { Host, Task } from './host.ts'
import { within } from './within.ts'

/** What is used of Miniflare; its types come with an installation that is not there at compile time. */
interface Miniflare {
  readonly ready: Promise<URL>
  dispatchFetch(url: string, init: { method: string; body: string }): Promise<Response>
  dispose(): Promise<void>
}
interface MiniflareModule {
  readonly Miniflare: new (options: object) => Miniflare
}

/** The newest date that the pinned workerd knows. */
const COMPATIBILITY_DATE = '2026-07-30'
const BOOT_LIMIT = 30_000

/** A Worker may do I/O only for the request that it is answering: so each case is a request of its own. */
const WORKER = `import { runCase, suite } from './program.mjs'
export default {
  async fetch(request) {
    return Response.json(await runCase(suite, await request.json()))
  },
}
`

/** workerd, started by Miniflare; `folder` is Miniflare's package. One that dies is started again for the cases that are left. */
export async function workerdHost(folder: string): Promise<Host> {
  const { Miniflare } = (await import(pathToFileURL(join(folder, 'dist/src/index.js')).href)) as MiniflareModule
  const manifest = readFileSync(join(folder, '../workerd/package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const started = new Set<Miniflare>()
  let printed = ''

  const start = async (program: string): Promise<Miniflare> => {
    const miniflare = new Miniflare({
      modules: [
        { type: 'ESModule', path: 'worker.mjs', contents: WORKER },
        { type: 'ESModule', path: 'program.mjs', contents: program },
      ],
      compatibilityDate: COMPATIBILITY_DATE,
      host: '127.0.0.1',
      port: 0,
      // The description of a request's origin would be fetched from outside.
      cf: false,
      // It prints a stack for every failure of the network, which are what the cases are about.
      handleRuntimeStdio: (...streams: readonly Readable[]) => {
        for (const stream of streams) {
          stream.setEncoding('utf8').on('data', (chunk: string) => {
            printed = (printed + chunk).slice(-2_000)
          })
        }
      },
    })
    started.add(miniflare)
    await within(BOOT_LIMIT, 'workerd did not start', miniflare.ready)
    return miniflare
  }
  const stop = async (miniflare: Miniflare): Promise<void> => {
    started.delete(miniflare)
    await miniflare.dispose()
  }

  return {
    runtime: 'workerd',
    version,
    run: async (task: Task) => {
      let miniflare = await start(task.bundles.portable)
      for (const id of task.ids) {
        const { job, limit, finish } = await openCase(task, 'workerd', id)
        printed = ''
        try {
          await finish(await within(limit + task.grace, 'The Worker did not answer', dispatch(miniflare, job)))
        } catch (error) {
          await finish({ id, failure: `The Worker failed: ${(error as Error).message}\n${printed}`.trim() })
          await stop(miniflare)
          miniflare = await start(task.bundles.portable)
        }
      }
      await stop(miniflare)
    },
    close: async () => {
      await Promise.all([...started].map(stop))
    },
  }
}

async function dispatch(miniflare: Miniflare, job: Job): Promise<CaseResult> {
  const response = await miniflare.dispatchFetch('http://worker.invalid/', {
    method: 'POST',
    body: JSON.stringify(job),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`status ${response.status}: ${text.slice(0, 2_000)}`)
  return JSON.parse(text) as CaseResult
}
