import fc, { type Arbitrary } from 'fast-check'

/** One generated call, as data: what it is made of is made anew for each fetch that is compared. */
export interface Plan {
  /** What stands where the URL does. `script`: the server's; the others never reach a server. */
  readonly target:
    | 'script'
    | 'relative'
    | 'invalid'
    | 'data'
    | 'blob'
    | 'about'
    | 'unknown-scheme'
    | 'bad-port'
    | 'userinfo'
    | 'empty'
  /** What the server does. */
  readonly script: string
  readonly input: 'string' | 'url' | 'stringable' | 'request' | 'request-with-all'
  readonly method: string | undefined
  readonly headers:
    | 'none'
    | 'object'
    | 'pairs'
    | 'headers'
    | 'undefined'
    | 'null'
    | 'bad-name'
    | 'bad-value'
    | 'bad-pair'
    | 'number'
  readonly body:
    | 'none'
    | 'undefined'
    | 'null'
    | 'string'
    | 'empty'
    | 'bytes'
    | 'buffer'
    | 'view'
    | 'blob'
    | 'typed-blob'
    | 'params'
    | 'form'
    | 'stream'
    | 'used-stream'
    | 'number'
    | 'object'
  readonly duplex: 'half' | 'none' | 'bad'
  readonly signal: 'none' | 'null' | 'idle' | 'aborted' | 'aborted-with-reason' | 'not-a-signal'
  /** Fields of `init` besides, by name. */
  readonly fields: Readonly<Record<string, unknown>>
  /** How `init` is made: as it stands, by a class with getters, frozen, or left out. */
  readonly init: 'plain' | 'inherited' | 'frozen' | 'null' | 'omitted'
  /** Reads the body of the `Request` before the call. */
  readonly consumed: boolean
  readonly use: 'text' | 'json' | 'bytes' | 'blob' | 'chunks' | 'clone' | 'cancel'
}

const scripts = [
  '200;body=hello',
  '200;body=%7B%22a%22%3A1%7D;content-type=application/json',
  '200;size=100000',
  '201;x-custom=a',
  '204',
  '304',
  '404;body=nothing',
  '503;retry-after=1;body=busy',
  'drip;bytes=16;interval=1',
  'truncate',
  'reset-body',
  'close',
  'reset',
]

// Values that the Fetch standard knows, and for each field one that it refuses. Not `redirect: 'error'` alone: workerd throws for it,
// which is what has to come out the same.
const fields: Readonly<Record<string, readonly unknown[]>> = {
  redirect: ['follow', 'manual', 'error', 'sideways'],
  credentials: ['omit', 'same-origin', 'maybe'],
  mode: ['cors', 'same-origin', 'navigate', 'sometimes'],
  cache: ['no-store', 'default', 'rarely'],
  referrer: ['', 'about:client', 'http://['],
  referrerPolicy: ['no-referrer', 'no-idea'],
  integrity: [''],
  keepalive: [true, false],
  priority: ['high', 'urgent'],
  window: [null, 'window'],
  cf: [{ cacheTtl: 5 }],
  next: [{ revalidate: 60 }],
  custom: ['kept', undefined],
}

const few: Arbitrary<Readonly<Record<string, unknown>>> = fc
  .array(
    fc
      .constantFrom(...Object.keys(fields))
      .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...fields[name]!))),
    {
      maxLength: 3,
    },
  )
  .map((pairs) => Object.fromEntries(pairs))

/** Most calls are ordinary: a call with five mistakes tells only of the first. */
const mostly = <T>(usual: readonly T[], ...others: readonly T[]): Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

/** Any call that a program could make. */
export const plans: Arbitrary<Plan> = fc
  .record<Plan>({
    target: mostly<Plan['target']>(
      ['script', 'script', 'script'],
      'relative',
      'invalid',
      'data',
      'blob',
      'about',
      'unknown-scheme',
      'bad-port',
      'userinfo',
      'empty',
    ),
    script: fc.constantFrom(...scripts),
    input: fc.constantFrom('string', 'url', 'stringable', 'request', 'request-with-all'),
    method: mostly<string | undefined>(
      [undefined, 'GET', 'POST', 'PUT', 'DELETE', 'PATCH'],
      'get',
      'post',
      'patch',
      'HEAD',
      'OPTIONS',
      'PURGE',
      'CONNECT',
      'BAD METHOD',
      '',
    ),
    headers: mostly<Plan['headers']>(
      ['none', 'object', 'pairs', 'headers'],
      'undefined',
      'null',
      'bad-name',
      'bad-value',
      'bad-pair',
      'number',
    ),
    body: mostly<Plan['body']>(
      ['none', 'string', 'bytes', 'blob', 'params', 'form'],
      'undefined',
      'null',
      'empty',
      'buffer',
      'view',
      'typed-blob',
      'stream',
      'used-stream',
      'number',
      'object',
    ),
    duplex: mostly<Plan['duplex']>(['none', 'half'], 'bad'),
    signal: mostly<Plan['signal']>(['none', 'idle'], 'null', 'aborted', 'aborted-with-reason', 'not-a-signal'),
    fields: few,
    init: mostly<Plan['init']>(['plain'], 'inherited', 'frozen', 'null', 'omitted'),
    consumed: mostly([false], true),
    use: fc.constantFrom('text', 'json', 'bytes', 'blob', 'chunks', 'clone', 'cancel'),
  })
  // Node's own fetch leaves a rejection behind that nobody can handle when it is given a form and a signal that is aborted already.
  .map((plan) => (plan.body === 'form' && plan.signal.startsWith('aborted') ? { ...plan, body: 'params' } : plan))
