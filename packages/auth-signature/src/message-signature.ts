import { type AuthContext, AuthError, type AuthScheme } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOneOf, checkOptions, refuse } from '@fetchstack/options'
import { createSignature } from 'http-message-sig'
import { type Component, namingQueryParams, readComponents } from './components.ts'
import { contentDigest } from './content-digest.ts'
import { describeRequest } from './message.ts'
import { checkText, type Signer } from './signer.ts'

/** Options of `messageSignature`. */
export interface MessageSignatureOptions {
  /** The key: `signer({ key, keyid })`, or an object of your own. */
  readonly signer: Signer
  /** What is signed, in this order; at least one. `['@method', '@target-uri']` is a good start. */
  readonly components: readonly Component[]
  /**
   * How the body is covered: by `Content-Digest`, which is computed, sent and signed, as the last component where `components` does
   * not name it. A request without a body has none, unless `components` names it. One that the request has already is signed as it
   * stands. `false`: nothing is computed. Default `'sha-256'`.
   */
  readonly contentDigest?: 'sha-256' | 'sha-512' | false
  /** For how long the signature is valid, in milliseconds; whole seconds of it count. Default: it does not say. */
  readonly expiresIn?: number
  /**
   * What makes each signature unique: `true` for 128 random bits, a function for a text of your own, `false` for nothing.
   * Default `true`.
   */
  readonly nonce?: boolean | (() => string)
  /** What the signature is for, as the application defines it. Printable ASCII. Default: it does not say. */
  readonly tag?: string
  /** Whether the algorithm is named in the signature's parameters. Default `true`. */
  readonly alg?: boolean
  /** The name of the signature in its two headers. Default `'sig1'`. */
  readonly label?: string
}

const writes = ['signature', 'signature-input'] as const

/**
 * HTTP Message Signatures in `Signature` and `Signature-Input`, for `auth(scheme, { origins })`. Made anew for every request on the
 * wire: `created` and the nonce are those of the attempt.
 *
 * A 400, 401 or 403 whose `Date` is more than 30 s away from our time is answered once with a signature by the server's time. When
 * the request is aborted, nobody waits for the signer any more.
 *
 * @throws {OptionError} When it is made: an option can't be used, a component can't be signed.
 * @throws {AuthError} As a rejection of the call. `PROVIDER`: the signer failed, or what is to be signed is not there.
 * `BODY`: the body can't be read.
 * @see RFC 9421, RFC 9530
 * @example
 * ```ts
 * import { auth } from '@fetchstack/auth'
 * import { messageSignature, signer } from '@fetchstack/auth-signature'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const { privateKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign'])
 * const scheme = messageSignature({
 *   signer: signer({ key: privateKey, keyid: 'client-2026' }),
 *   components: ['@method', '@target-uri'],
 * })
 * const stack = HandlerStack.create().push(auth(scheme, { origins: 'https://api.example.com' }))
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function messageSignature(options: MessageSignatureOptions): AuthScheme {
  const owner = 'messageSignature'
  checkOptions(owner, options ?? {}, [
    'signer',
    'components',
    'contentDigest',
    'expiresIn',
    'nonce',
    'tag',
    'alg',
    'label',
  ])
  const { signer, expiresIn, nonce = true, tag, alg = true, label = 'sig1' } = options ?? {}
  const { contentDigest: digest = 'sha-256' } = options ?? {}
  checkFunction(owner, 'signer.sign', signer?.sign)
  checkText(owner, 'signer.alg', signer.alg)
  if (signer.keyid !== undefined) checkText(owner, 'signer.keyid', signer.keyid)
  checkOneOf(owner, 'contentDigest', digest, ['sha-256', 'sha-512', false])
  if (expiresIn !== undefined) checkNumber(owner, 'expiresIn', expiresIn, { min: 1000, unit: 'milliseconds' })
  if (typeof nonce !== 'function') checkOneOf(owner, 'nonce', nonce, [true, false])
  if (tag !== undefined) checkText(owner, 'tag', tag)
  checkOneOf(owner, 'alg', alg, [true, false])
  if (typeof label !== 'string' || !/^[a-z*][a-z\d_.*-]*$/.test(label)) {
    refuse(owner, 'label', label, 'lower-case letters, digits and _ - . *, with a letter or * first')
  }
  const bare = readComponents(options.components)
  const listed = bare.components.some(({ name }) => name === 'content-digest')
  const withDigest = listed ? bare : readComponents([...options.components, 'content-digest'])
  // Of `fetch` itself: they are known when the body is.
  const ofBody = bare.components.some(({ name }) => name === 'content-type' || name === 'content-length')

  /** The request that is sent, with its digest, and how long its body is where that had to be found out. */
  const prepare = async (
    original: HttpRequest,
    { bytes }: AuthContext,
  ): Promise<{ readonly request: HttpRequest; readonly length?: number }> => {
    const wanted = digest !== false && original.header('content-digest') === undefined
    if (!wanted && !ofBody) return { request: original }
    const known = await bytes(original)
    const { length } = known.bytes
    if (!wanted || (length === 0 && !listed)) return { request: known.request, length }
    return { request: known.request.withHeader('content-digest', await contentDigest(digest, known.bytes)), length }
  }

  const sign = async (request: HttpRequest, original: HttpRequest, time: number, length?: number) => {
    const fail = (problem: string, options?: ErrorOptions): never => {
      throw new AuthError('PROVIDER', owner, original, problem, options)
    }
    const covered = digest !== false && request.header('content-digest') !== undefined ? withDigest : bare
    const message = describeRequest(request, covered, length, fail)
    const created = Math.floor(time / 1000)
    const { keyid } = signer
    try {
      const { signature, signatureInput } = await createSignature(message, {
        label,
        components: covered.components,
        parameters: {
          created,
          ...(expiresIn !== undefined && { expires: created + Math.floor(expiresIn / 1000) }),
          ...(nonce !== false && { nonce: nonce === true ? randomNonce() : nonce() }),
          ...(alg && { alg: signer.alg }),
          ...(keyid !== undefined && { keyid }),
          ...(tag !== undefined && { tag }),
        },
        signer: {
          algorithm: signer.alg,
          sign: async (data) => {
            const made: unknown = await signer.sign(
              covered.queryParams.size === 0
                ? (data as Uint8Array<ArrayBuffer>)
                : new TextEncoder().encode(namingQueryParams(new TextDecoder().decode(data), covered)),
            )
            // Of an ArrayBuffer, as WebCrypto gives it, the library would send an empty signature.
            if (made instanceof Uint8Array && made.length > 0) return made
            throw new TypeError('signer.sign must give a Uint8Array, not empty.')
          },
        },
      })
      return request
        .withHeader('signature-input', namingQueryParams(signatureInput, covered))
        .withHeader('signature', signature)
    } catch (cause) {
      original.signal?.throwIfAborted()
      return fail('the signature could not be made.', { cause })
    }
  }

  return {
    name: owner,
    writes: { headers: writes },
    binds: [
      'method',
      'url',
      ...(digest === false ? [] : (['body'] as const)),
      'time',
      ...(nonce ? (['once'] as const) : []),
    ],
    async *flow(original, context) {
      const { request, length } = await prepare(original, context)
      const response = yield await sign(request, original, context.time.now(), length)
      const refused = response.status === 400 || response.status === 401 || response.status === 403
      if (!refused || !context.time.correct(response)) return
      context.record('signed-again')
      yield await sign(request, original, context.time.now(), length)
    },
  }
}

function randomNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
}
