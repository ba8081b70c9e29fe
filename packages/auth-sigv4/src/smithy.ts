import { SignatureV4 } from '@smithy/signature-v4'
import type { SigV4Engine } from './engine.ts'

/**
 * The signer of the AWS SDKs as the engine of `sigv4`. Needs the package `@smithy/signature-v4`. For S3 the
 * escapes of a path are signed as they stand.
 *
 * @example
 * ```ts
 * import { sigv4 } from '@fetchstack/auth-sigv4'
 * import { smithyEngine } from '@fetchstack/auth-sigv4/smithy'
 *
 * const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }
 * const scheme = sigv4({ credentials, region: 'us-east-1', service: 'execute-api', engine: smithyEngine() })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function smithyEngine(): SigV4Engine {
  return async function smithy({ method, url, headers, region, service, time, ...credentials }) {
    const { protocol, hostname, host, pathname, searchParams } = new URL(url)
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const signer = new SignatureV4({
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      region,
      service,
      sha256: Sha256,
      uriEscapePath: service !== 's3',
      applyChecksum: false,
    })
    const query: Record<string, string[]> = {}
    for (const [name, value] of searchParams) (query[name] ??= []).push(value)
    const path = service === 's3' ? escaped(pathname) : pathname
    const request = { method, protocol, hostname, path, query, headers: { ...headers, host } }
    const signed = await signer.sign(request, { signingDate: new Date(time) })
    return signed.headers
  }
}

/** As S3 reads it: whatever is not unreserved is escaped, also where a URL leaves it as it is, and a plus is a space. */
function escaped(pathname: string): string {
  return pathname
    .replaceAll('+', ' ')
    .replaceAll(/[^\w.~/%-]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** SHA-256, or HMAC with it where there is a key, by WebCrypto: the signer brings none. */
class Sha256 {
  readonly #key: Uint8Array<ArrayBuffer> | undefined
  #data: Uint8Array<ArrayBuffer> = new Uint8Array()

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#key = key === undefined ? undefined : bytesOf(key)
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    const more = bytesOf(chunk)
    const all = new Uint8Array(this.#data.length + more.length)
    all.set(this.#data)
    all.set(more, this.#data.length)
    this.#data = all
  }

  async digest(): Promise<Uint8Array> {
    const { subtle } = crypto
    if (this.#key === undefined) return new Uint8Array(await subtle.digest('SHA-256', this.#data))
    const key = await subtle.importKey('raw', this.#key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return new Uint8Array(await subtle.sign('HMAC', key, this.#data))
  }

  reset(): void {
    this.#data = new Uint8Array()
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (typeof data === 'string') return new TextEncoder().encode(data)
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}
