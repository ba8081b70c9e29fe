import type { StackInit } from '@fetchstack/handler-stack'

/** One way to say what is sent: what `fetch` gets, made anew for each case, since some of it can be sent only once. */
export interface Form {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT'
  /** How the body is given. */
  readonly kind: 'none' | 'string' | 'form-data' | 'blob' | 'stream' | 'request'
  readonly make: (url: string) => readonly [input: string | Request, init: StackInit]
  /** Whether what a server got is the body and all of it. */
  readonly isWhole: (text: string) => boolean
}

/** What every body holds. */
export const TEXT = 'one small body'

const isText = (text: string): boolean => text === TEXT

function formData(): FormData {
  const data = new FormData()
  data.set('title', TEXT)
  data.set('file', new Blob([TEXT]), 'file.txt')
  return data
}

function stream(): ReadableStream<Uint8Array> {
  const pieces = [TEXT.slice(0, 4), TEXT.slice(4)].map((piece) => new TextEncoder().encode(piece))
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
}

/** A multipart body of two parts with nothing missing: the last boundary is there, and is that of the first line. */
function isFormData(text: string): boolean {
  const boundary = text.split('\r\n', 1)[0] ?? ''
  return boundary.startsWith('--') && text.trimEnd().endsWith(`${boundary}--`) && text.split(TEXT).length === 3
}

function formsOf(method: 'POST' | 'PUT'): readonly Form[] {
  const name = method.toLowerCase()
  return [
    { name: `${name}-string`, method, kind: 'string', make: (url) => [url, { method, body: TEXT }], isWhole: isText },
    {
      name: `${name}-form-data`,
      method,
      kind: 'form-data',
      make: (url) => [url, { method, body: formData() }],
      isWhole: isFormData,
    },
    {
      name: `${name}-blob`,
      method,
      kind: 'blob',
      make: (url) => [url, { method, body: new Blob([TEXT], { type: 'text/plain' }) }],
      isWhole: isText,
    },
    {
      name: `${name}-stream`,
      method,
      kind: 'stream',
      make: (url) => [url, { method, body: stream(), duplex: 'half' }],
      isWhole: isText,
    },
    {
      name: `${name}-request`,
      method,
      kind: 'request',
      make: (url) => [new Request(url, { method, body: TEXT }), {}],
      isWhole: isText,
    },
  ]
}

/** Nothing to send. */
export const get: Form = {
  name: 'get',
  method: 'GET',
  kind: 'none',
  make: (url) => [url, {}],
  isWhole: (text) => text === '',
}

const [postString, ...otherPosts] = formsOf('POST') as [Form, ...Form[]]

/** The plainest request that must not be sent twice. */
export const post: Form = postString

/**
 * Every form: a GET; each kind of body with POST, which is resent only when the server did not act on it; and each with PUT, which
 * is resent when it may have, so that the bodies are sent again.
 */
export const allForms: readonly Form[] = [get, post, ...otherPosts, ...formsOf('PUT')]

/** The forms whose body is a stream. */
export const streamForms: readonly Form[] = allForms.filter(({ kind }) => kind === 'stream')
