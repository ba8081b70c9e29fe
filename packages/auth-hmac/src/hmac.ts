import { type AuthContext, AuthError, type AuthScheme, type Binding } from '@fetchstack/auth'
import type { Call, HttpRequest } from '@fetchstack/handler-stack'
import { checkFunction, checkOneOf, checkOptions, OptionError, refuse } from '@fetchstack/options'
import { concat } from './concat.ts'
import { type HmacKey, type HmacKeyProvider, keyReader } from './key.ts'
import { type HmacPreset, type HmacPresetName, presets } from './presets.ts'

/** Options of `hmac`. */
export interface HmacOptions {
  /** The shared secret, or a function that gives it for each request. */
  readonly key: HmacKey | HmacKeyProvider
  /** How the service wants its requests signed: one that has a name, or one of your own. */
  readonly preset: HmacPresetName | HmacPreset
}

/**
 * HMAC signatures over the body, and over what else the preset says, for `auth(scheme, { origins })`. Made anew for every request on
 * the wire: the timestamp is that of the attempt. The id stays the same for all attempts of a call, so that a message that arrives
 * twice can be told from two; one that the request has already is taken.
 *
 * Where there is a timestamp, a 400, 401 or 403 whose `Date` is more than 30 s away from our time is answered once with a signature
 * by the server's time. When the request is aborted, nobody waits for the key any more.
 *
 * @throws {OptionError} When it is made: the key or the preset can't be used.
 * @throws {AuthError} As a rejection of the call. `PROVIDER`: the function that gives the key failed, or the preset's `base` did.
 * `SECRET`: it gave none that can be used. `BODY`: the body can't be read.
 * @see standard-webhooks/spec; GitHub, "Validating webhook deliveries"; Slack, "Verifying requests from Slack"
 * @example
 * ```ts
 * import { auth } from '@fetchstack/auth'
 * import { hmac } from '@fetchstack/auth-hmac'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const scheme = hmac({ key: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', preset: 'standard-webhooks' })
 * const stack = HandlerStack.create().push(auth(scheme, { origins: 'https://hooks.example.com' }))
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function hmac(options: HmacOptions): AuthScheme {
  checkOptions('hmac', options ?? {}, ['key', 'preset'])
  const preset = readPreset(options?.preset)
  const readKey = keyReader(options.key, preset)
  const { headers, base, encoding = 'hex', prefix = '', timestamp: unit = 'seconds' } = preset
  const ids = new WeakMap<Call, string>()

  const idOf = (request: HttpRequest, call: Call): string => {
    const own = headers.id === undefined ? undefined : request.header(headers.id)
    if (own !== undefined) return own
    let id = ids.get(call)
    if (id === undefined) ids.set(call, (id = `msg_${crypto.randomUUID()}`))
    return id
  }

  const sign = async (original: HttpRequest, { bytes, call, time }: AuthContext): Promise<HttpRequest> => {
    const { request, bytes: body } = await bytes(original)
    const key = await readKey(original)
    const id = headers.id === undefined ? '' : idOf(original, call)
    const timestamp = String(Math.floor(time.now() / (unit === 'seconds' ? 1000 : 1)))
    let signature: ArrayBuffer
    try {
      const url = new URL(request.url)
      url.hash = ''
      const path = url.href.slice(url.origin.length)
      const parts = base({ method: request.method, url: url.href, path, timestamp, id, bytes: body })
      signature = await crypto.subtle.sign('HMAC', key, concat(parts))
    } catch (cause) {
      throw new AuthError('PROVIDER', 'hmac', original, 'the signature could not be made.', { cause })
    }
    let signed = request.withHeader(headers.signature, prefix + encode(new Uint8Array(signature), encoding))
    if (headers.timestamp !== undefined) signed = signed.withHeader(headers.timestamp, timestamp)
    return headers.id === undefined ? signed : signed.withHeader(headers.id, id)
  }

  return {
    name: 'hmac',
    writes: { headers: [headers.signature, ...(headers.timestamp === undefined ? [] : [headers.timestamp])] },
    binds: bindingsOf(options.preset),
    async *flow(request, context) {
      const response = yield await sign(request, context)
      if (headers.timestamp === undefined || ![400, 401, 403].includes(response.status)) return
      if (!context.time.correct(response)) return
      context.record('signed-again')
      yield await sign(request, context)
    },
  }
}

function encode(bytes: Uint8Array, encoding: 'hex' | 'base64'): string {
  if (encoding === 'base64') return btoa(String.fromCharCode(...bytes))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What is signed by a preset of one's own is not known, so it is everything. */
function bindingsOf(preset: HmacPresetName | HmacPreset): readonly Binding[] {
  if (typeof preset !== 'string') return ['method', 'url', 'body', 'time']
  return preset === 'github' ? ['body'] : ['body', 'time']
}

const token = /^[!#$%&'*+.^\w`|~-]+$/

function readPreset(preset: unknown): HmacPreset {
  if (typeof preset === 'string' && Object.hasOwn(presets, preset)) return presets[preset as HmacPresetName]
  if (typeof preset !== 'object' || preset === null) {
    const names = Object.keys(presets).map((name) => `"${name}"`)
    refuse('hmac', 'preset', preset, `${names.join(', ')} or an object with headers and base`)
  }
  const owner = 'hmac.preset'
  const known = ['headers', 'base', 'hash', 'encoding', 'prefix', 'timestamp', 'key', 'keyPrefix']
  checkOptions(owner, preset, known)
  const given = preset as HmacPreset
  checkOptions(owner, given.headers ?? {}, ['signature', 'timestamp', 'id'])
  const { signature, timestamp, id } = given.headers ?? {}
  const names = [signature, timestamp, id].filter((name) => name !== undefined)
  if (signature === undefined || !names.every((name) => typeof name === 'string' && token.test(name))) {
    throw new OptionError(owner, 'headers', 'headers must have the names of headers: signature, and timestamp and id.')
  }
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    throw new OptionError(owner, 'headers', 'headers must have a name of its own for each.')
  }
  checkFunction(owner, 'base', given.base)
  checkOneOf(owner, 'hash', given.hash ?? 'SHA-256', ['SHA-256', 'SHA-384', 'SHA-512'])
  checkOneOf(owner, 'encoding', given.encoding ?? 'hex', ['hex', 'base64'])
  checkOneOf(owner, 'timestamp', given.timestamp ?? 'seconds', ['seconds', 'milliseconds'])
  checkOneOf(owner, 'key', given.key ?? 'utf-8', ['utf-8', 'base64', 'hex'])
  for (const option of ['prefix', 'keyPrefix'] as const) {
    const value = given[option] ?? ''
    if (typeof value !== 'string' || !/^[ -~]*$/.test(value)) refuse(owner, option, value, 'ASCII without line breaks')
  }
  return given
}
