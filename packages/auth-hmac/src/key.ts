import { AuthError } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import type { Secret, SecretContext } from '@fetchstack/secret'
import type { HmacPreset } from './presets.ts'

/** A shared secret: bytes, or a text that is read as the preset says. Not empty. */
export type HmacKey = string | Uint8Array | Secret | Secret<Uint8Array>

/** Gives the key, each time that a request is signed. It may remember; nothing here does. */
export type HmacKeyProvider = (context: SecretContext) => HmacKey | Promise<HmacKey>

/** A key that is known is read here and now, and imported once. @throws {OptionError} It can't be used. */
export function keyReader(
  given: HmacKey | HmacKeyProvider,
  preset: HmacPreset,
): (request: HttpRequest) => Promise<CryptoKey> {
  if (typeof given !== 'function') {
    const bytes = read(given, preset, (problem) => new OptionError('hmac', 'key', problem))
    let imported: Promise<CryptoKey> | undefined
    return () => (imported ??= importKey(bytes, preset))
  }
  return async (request) => {
    const { signal } = request
    let key: unknown
    try {
      key = await given({ reason: 'initial', signal })
    } catch (cause) {
      signal?.throwIfAborted()
      throw new AuthError('PROVIDER', 'hmac', request, 'the function that gives the key failed.', { cause })
    }
    return importKey(
      read(key, preset, (problem) => new AuthError('SECRET', 'hmac', request, problem)),
      preset,
    )
  }
}

/** Nothing of a key may get into a message. */
function read(
  given: unknown,
  { key: format = 'utf-8', keyPrefix = '' }: HmacPreset,
  fail: (problem: string) => Error,
): Uint8Array<ArrayBuffer> {
  // By its shape: a `Secret` of another copy of its package is one too.
  const key = (given as { reveal?(): unknown } | null | undefined)?.reveal?.() ?? given
  const bytes =
    key instanceof Uint8Array
      ? Uint8Array.from(key)
      : typeof key === 'string'
        ? decode(key.startsWith(keyPrefix) ? key.slice(keyPrefix.length) : key, format)
        : undefined
  if (bytes?.length) return bytes
  const text = `${format === 'utf-8' ? 'text without line breaks' : format}${keyPrefix && `, after "${keyPrefix}" or bare`}`
  throw fail(`key must be bytes or ${text}, not empty; this ${typeof key} is not.`)
}

function decode(text: string, format: NonNullable<HmacPreset['key']>): Uint8Array<ArrayBuffer> | undefined {
  // The line break at the end of a file is no part of a key: somebody read it as it was.
  if (format === 'utf-8') return /[\r\n]/.test(text) ? undefined : new TextEncoder().encode(text)
  if (format === 'hex') {
    if (!/^(?:[\da-f]{2})+$/i.test(text)) return undefined
    return Uint8Array.from(text.match(/../g)!, (digits) => Number.parseInt(digits, 16))
  }
  if (!/^[\w+/-]+={0,2}$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

function importKey(bytes: Uint8Array<ArrayBuffer>, { hash = 'SHA-256' }: HmacPreset): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign'])
}
