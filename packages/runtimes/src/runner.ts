import type { Case, CaseResult, Observation, Suite } from './contract.ts'
import type { Job } from './job.ts'
import { ask, remoteServer, remoteStreams } from './remote.ts'

// Runs inside the runtimes: nothing but the platform.
const { setTimeout: platformSetTimeout, clearTimeout: platformClearTimeout } = globalThis

/** A rejection that nobody handles is told of later: in Chromium after a timer of 0 ms. */
const SETTLE = 10

/** Runs one case to its end, or to its time limit. Never rejects. */
export async function runCase(suite: Suite, job: Job): Promise<CaseResult> {
  const { id, runtime } = job
  const one = suite.cases.find((candidate) => candidate.id === id)
  if (one === undefined) return { id, failure: `The suite "${suite.name}" has no case "${id}" in this runtime.` }
  const inapplicable = one.inapplicable?.(runtime)
  if (inapplicable !== undefined) return { id, inapplicable }

  const strays = watchRejections()
  try {
    const observation = await withinLimit(observe(one, job), one.timeLimit ?? job.timeLimit)
    await new Promise((resolve) => platformSetTimeout(resolve, SETTLE))
    const [stray] = strays.seen
    if (stray !== undefined) return { id, failure: `A rejection was not handled: ${describe(stray.reason)}` }
    return { id, observation: JSON.parse(JSON.stringify(observation)) as Observation }
  } catch (error) {
    return { id, failure: describe(error) }
  } finally {
    strays.stop()
  }
}

/** Asks for cases and runs them, one after the other, until there are none. */
export async function runQueue(suite: Suite, queue: string): Promise<void> {
  for (;;) {
    const job = await ask<Job | null>(`${queue}/next`)
    if (job === null) return
    await ask(`${queue}/done`, await runCase(suite, job))
  }
}

async function observe(one: Case, job: Job): Promise<Observation> {
  const { tlsUrl, stalledUrl, runtime } = job
  const server = remoteServer(job)
  return one.run({ server, tlsUrl, stalledUrl: stalledUrl ?? undefined, streams: remoteStreams(job), runtime })
}

function withinLimit<T>(work: Promise<T>, limit: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = platformSetTimeout(() => reject(new Error(`Not done within its time limit of ${limit} ms.`)), limit)
    work.then(resolve, reject).finally(() => platformClearTimeout(timer))
  })
}

interface Strays {
  readonly seen: readonly { readonly reason: unknown }[]
  stop(): void
}

interface ProcessLike {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): void
  off(event: 'unhandledRejection', listener: (reason: unknown) => void): void
}

/** Rejections that nobody handles would end a process, and would not be noticed in a page. */
function watchRejections(): Strays {
  const seen: { reason: unknown }[] = []
  const { process } = globalThis as { process?: Partial<ProcessLike> }
  if (process?.on !== undefined && process.off !== undefined) {
    const { on, off } = process as ProcessLike
    const listener = (reason: unknown) => void seen.push({ reason })
    on.call(process, 'unhandledRejection', listener)
    return { seen, stop: () => off.call(process, 'unhandledRejection', listener) }
  }
  const listener = (event: Event) => {
    event.preventDefault()
    seen.push({ reason: (event as PromiseRejectionEvent).reason })
  }
  globalThis.addEventListener('unhandledrejection', listener)
  return { seen, stop: () => globalThis.removeEventListener('unhandledrejection', listener) }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`
  const title = `${error.name}: ${error.message}`
  const stack = error.stack === undefined || error.stack.startsWith(title) ? error.stack : `${title}\n${error.stack}`
  return error.cause === undefined ? (stack ?? title) : `${stack ?? title}\ncaused by ${describe(error.cause)}`
}
