import type { Random } from '@fetchstack/backoff'

/** What a call does with the response. */
export type Use = 'read' | 'cancel' | 'abort'

/** One call of the soak, as data: the same seed plans the same calls. */
export interface Plan {
  readonly id: string
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly body: 'none' | 'string' | 'form' | 'blob' | 'stream' | 'request'
  /** What the server does, attempt by attempt; `refused` for a port where nobody listens. */
  readonly script: string
  readonly use: Use
  /** Milliseconds until the caller aborts, where it does. */
  readonly abortAfter: number
}

// How often each comes, relative to the others. What stalls holds a place until the attempt times out, so it is rare.
const faults: Readonly<Record<string, number>> = {
  '200': 40,
  '200;size=20000': 10,
  '200;delay=5': 5,
  '204': 3,
  '404': 3,
  '500': 6,
  '503': 10,
  '429;retry-after=0': 6,
  reset: 6,
  close: 6,
  garbage: 3,
  'huge-headers': 1,
  truncate: 4,
  'reset-body': 4,
  'drip;bytes=16;interval=1': 2,
  'stall-body': 1,
  stall: 1,
}
const bodies: Readonly<Record<Plan['body'], number>> = { none: 6, string: 3, form: 1, blob: 1, stream: 1, request: 2 }
const uses: Readonly<Record<Use, number>> = { read: 8, cancel: 1, abort: 1 }

/** The next call. */
export function plan(id: string, random: Random): Plan {
  const body = pick(bodies, random)
  const methods = body === 'none' ? { GET: 3, POST: 1 } : { POST: 1, PUT: 1 }
  const steps = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(faults, random))
  return {
    id,
    method: pick<Plan['method']>(methods, random),
    body,
    script: random() < 0.02 ? 'refused' : steps.join(','),
    use: pick(uses, random),
    abortAfter: Math.floor(random() * 20),
  }
}

function pick<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>, random: Random): Name {
  const entries = Object.entries(weights) as [Name, number][]
  let point = random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  return entries.find(([, weight]) => (point -= weight) < 0)?.[0] ?? entries[0]![0]
}
