import type { Plan } from './plan.ts'

/** The two arguments of one `fetch`, made for it alone. */
export interface Arguments {
  readonly input: unknown
  readonly init: unknown
  /** Of `init`: to look at what reaches the real fetch. */
  readonly given: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal | undefined
  readonly request: Request | undefined
}

/** What can't even be written down in this runtime: its own error, before any fetch. */
export class Unmakeable extends Error {}

/** Makes the arguments of a call. @throws {Unmakeable} A `Request`, or a part of one, can't be made here. */
export async function make(plan: Plan, url: string): Promise<Arguments> {
  const given: Record<string, unknown> = { ...plan.fields }
  const set = (name: string, value: unknown): void => {
    if (value !== OMITTED) given[name] = value
  }
  set('method', plan.method ?? OMITTED)
  set('headers', headersOf(plan))
  set('body', bodyOf(plan))
  set('duplex', plan.duplex === 'none' ? OMITTED : plan.duplex === 'half' ? 'half' : 'quarter')
  const signal = signalOf(plan)
  set('signal', signal)
  const target = targetOf(plan, url)

  let input: unknown = target
  let request: Request | undefined
  if (plan.input.startsWith('request')) {
    try {
      request = new Request(target, plan.input === 'request' ? undefined : (initOf(plan, given) as RequestInit))
      if (plan.consumed) await request.text()
    } catch {
      throw new Unmakeable()
    }
    input = request
  } else if (plan.input === 'url') {
    if (!URL.canParse(target)) throw new Unmakeable()
    input = new URL(target)
  } else if (plan.input === 'stringable') input = { toString: () => target }
  const init = plan.input === 'request-with-all' ? undefined : initOf(plan, given)
  return {
    input,
    init,
    given: init === undefined || init === null ? {} : given,
    signal: signal instanceof AbortSignal ? signal : undefined,
    request,
  }
}

const OMITTED = Symbol('omitted')

function targetOf({ target }: Plan, url: string): string {
  switch (target) {
    case 'script':
      return url
    case 'relative':
      return '/relative'
    case 'invalid':
      return 'http://['
    case 'data':
      return 'data:text/plain,hello'
    case 'blob':
      return 'blob:nothing'
    case 'about':
      return 'about:blank'
    case 'unknown-scheme':
      return 'gopher://127.0.0.1/'
    case 'bad-port':
      return 'http://127.0.0.1:6000/'
    case 'userinfo':
      return url.replace('//', '//me:secret@')
    case 'empty':
      return ''
  }
}

function headersOf({ headers }: Plan): unknown {
  switch (headers) {
    case 'none':
      return OMITTED
    case 'object':
      return { 'X-One': '1', accept: 'text/plain' }
    case 'pairs':
      return [
        ['x-one', '1'],
        ['X-One', '2'],
        ['content-type', 'text/x-own'],
      ]
    case 'headers':
      return new Headers({ 'x-one': '1', 'content-type': 'text/x-own' })
    case 'undefined':
      return undefined
    case 'null':
      return null
    case 'bad-name':
      return { 'bad name': '1' }
    case 'bad-value':
      return { 'x-one': 'a\nb' }
    case 'bad-pair':
      return [['x-one']]
    case 'number':
      return 5
  }
}

function bodyOf({ body }: Plan): unknown {
  switch (body) {
    case 'none':
      return OMITTED
    case 'undefined':
      return undefined
    case 'null':
      return null
    case 'string':
      return 'grüße'
    case 'empty':
      return ''
    case 'bytes':
      return new Uint8Array([0, 255, 10, 13])
    case 'buffer':
      return new Uint8Array([1, 2, 3]).buffer
    case 'view':
      return new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)
    case 'blob':
      return new Blob(['blob'])
    case 'typed-blob':
      return new Blob(['blob'], { type: 'text/x-blob' })
    case 'params':
      return new URLSearchParams({ a: '1', b: 'ä' })
    case 'form': {
      const form = new FormData()
      form.set('a', '1')
      form.set('file', new Blob(['file'], { type: 'text/plain' }), 'name.txt')
      return form
    }
    case 'stream':
      return streamOf('stream')
    case 'used-stream': {
      const stream = streamOf('stream')
      stream.getReader()
      return stream
    }
    case 'number':
      return 5
    case 'object':
      return { a: 1 }
  }
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}

function signalOf({ signal }: Plan): unknown {
  switch (signal) {
    case 'none':
      return OMITTED
    case 'null':
      return null
    case 'idle':
      return new AbortController().signal
    case 'aborted':
      return AbortSignal.abort()
    case 'aborted-with-reason':
      return AbortSignal.abort({ code: 'own' })
    case 'not-a-signal':
      return 'stop'
  }
}

function initOf({ init }: Plan, given: Readonly<Record<string, unknown>>): unknown {
  switch (init) {
    case 'plain':
      return given
    case 'frozen':
      return Object.freeze({ ...given })
    case 'inherited':
      // As a class has its getters: on the prototype.
      return Object.create(given)
    case 'null':
      return null
    case 'omitted':
      return undefined
  }
}
