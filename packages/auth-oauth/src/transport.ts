import { type FetchFunction, redactUrl, release } from '@fetchstack/handler-stack'
import { allowInsecureRequests, customFetch } from 'oauth4webapi'
import type { Confidential } from './confidential.ts'
import { OAuthError } from './errors.ts'

/** In bytes. A token response has some hundreds, metadata some thousands. */
const LIMIT = 65_536

/** What of an answer is looked at. `www-authenticate` is not: the OAuth error is in the body (RFC 6749 §5.2). */
const READ = ['content-type', 'dpop-nonce', 'date', 'age']

/** What the library says of a request. */
export interface SendInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: unknown
  readonly redirect: 'manual'
}

/** Sends one request, and gives the answer with its body in memory. */
export type Send = (url: string, init: SendInit) => Promise<Response>

/** The options by which the library sends through `send`, which decides for every URL whether it may be asked. */
export function through(send: Send): Record<typeof customFetch, Send> {
  // oxlint-disable-next-line typescript/no-deprecated
  const options = { [customFetch]: send, [allowInsecureRequests]: true }
  return options
}

/** Whether a server may be asked: by https, or on loopback. */
export function mayBeAsked({ origin }: URL, insecure: 'loopback' | 'never'): boolean {
  if (origin.startsWith('https:')) return true
  return insecure === 'loopback' && /^http:\/\/(.+\.)?(localhost|127(\.\d+){3}|\[::1])(:\d+)?$/.test(origin)
}

/**
 * The one way to the server: https, no redirects, a bounded answer.
 *
 * @throws {OAuthError} `INSECURE`, `NETWORK`, `REDIRECT`, `TOO_LARGE`. After an abort, the signal's reason.
 */
export function transport(
  { fetch, insecure }: { readonly fetch: FetchFunction; readonly insecure: 'loopback' | 'never' },
  { keep }: Pick<Confidential, 'keep'>,
  signal: AbortSignal,
): Send {
  return async function send(url, init) {
    const where = redactUrl(url)
    if (!mayBeAsked(new URL(url), insecure)) {
      throw new OAuthError('INSECURE', `${where} is neither https nor on loopback: nothing is sent there.`)
    }
    const { method, headers, body, redirect } = init
    const [scheme, credential = ''] = headers['authorization']?.split(' ') ?? []
    for (const text of [credential, headers['dpop'] ?? '']) keep(text)
    // Encoded as a form before base64 (RFC 6749 §2.3.1): another form of the secret.
    if (scheme === 'Basic') keep(atob(credential).replace(/^[^:]*:/, ''))
    const form = body instanceof URLSearchParams ? body : undefined
    keep(form?.get('client_assertion') ?? '')

    const fail = (problem: string, cause: unknown): never => {
      signal.throwIfAborted()
      throw new OAuthError('NETWORK', `${where}: ${problem}.`, { cause })
    }
    // Async, so that what a `fetch` throws at once is a failure too.
    const ask = async (): Promise<Response> =>
      fetch(url, { method, headers, redirect, signal, ...(form && { body: form }) })
    const response = await ask().catch((cause: unknown) => fail('no answer', cause))
    const { status, type } = response
    // A browser shows neither status nor headers of a redirect that it was told not to follow.
    if (type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      release(response)
      const problem = `${where} redirects${status === 0 ? '' : ` (${status})`}, and secrets are not sent on. Use its final URL.`
      throw new OAuthError('REDIRECT', problem, { status })
    }
    const bytes = await read(response).catch((cause: unknown) => fail('the answer broke off', cause))
    if (bytes === undefined) {
      throw new OAuthError('TOO_LARGE', `${where}: the answer is longer than ${LIMIT} bytes.`, { status })
    }
    const known = READ.flatMap((name) => {
      const value = response.headers.get(name)
      return value === null ? [] : [[name, value] as [string, string]]
    })
    // Some runtimes refuse a body for these, even an empty one.
    return new Response([204, 205, 304].includes(status) ? null : bytes, { status, headers: known })
  }
}

/** `undefined` when it is too long. */
async function read({ body }: Response): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(LIMIT)
  if (body === null) return bytes.subarray(0, 0)
  const reader = body.getReader()
  for (let length = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return bytes.slice(0, length)
    if (length + value.length > LIMIT) {
      reader.cancel().catch(() => {})
      return undefined
    }
    bytes.set(value, length)
    length += value.length
  }
}
