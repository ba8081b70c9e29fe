import type { Random } from '@fetchstack/backoff'
import type { AnyStack } from '@fetchstack/handler-stack'
import { makeCall, type Report } from './call.ts'
import type { Counted, Peer } from './peer.ts'
import { plan } from './plan.ts'

/** What a round is made of. */
export interface RoundOptions {
  readonly calls: number
  readonly concurrency: number
  readonly random: Random
  /** Put before the number of each call, so that no two calls of a soak share an id. */
  readonly prefix: string
}

/** Makes the calls of a round, `concurrency` at a time. A call that does not settle within 20 s is reported as `unsettled`. */
export async function round(
  fetch: ReturnType<AnyStack['toFetch']>,
  peer: Peer,
  shared: AbortSignal,
  { calls, concurrency, random, prefix }: RoundOptions,
): Promise<Report[]> {
  const reports: Report[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < calls) {
      const planned = plan(`${prefix}-${next++}`, random)
      const script = `${peer.url}/script/${planned.script}/${planned.id}`
      const url = planned.script === 'refused' ? `${peer.refusedUrl}/` : script
      reports.push(
        await within(20_000, makeCall(fetch, planned, url, shared), {
          plan: planned,
          sent: 0,
          cut: 0,
          told: undefined,
          outcome: 'unsettled',
        }),
      )
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return reports
}

async function within<T>(ms: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, otherwise)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What does not add up between the trails of the calls and the count of the server. Empty when all does. */
export function disagreements(reports: readonly Report[], counted: Counted): string[] {
  return reports.flatMap(({ plan, sent, cut, told, outcome }) => {
    const seen = counted.requests[plan.id] ?? 0
    const wanted = plan.script === 'refused' ? 0 : sent
    const say = (problem: string): string => `${plan.id} ${plan.method} ${plan.script} (${outcome}): ${problem}`
    if (outcome === 'unsettled') return [say('did not settle within 20 s')]
    // What was given up before an answer may have reached the server, or not.
    if (seen > wanted || seen < (wanted === 0 ? 0 : wanted - cut)) {
      return [say(`the server saw ${seen} requests, ${sent} were sent, ${cut} of them cut`)]
    }
    if (told !== undefined && told !== sent) return [say(`the trail tells of ${told} requests, ${sent} were sent`)]
    return []
  })
}
