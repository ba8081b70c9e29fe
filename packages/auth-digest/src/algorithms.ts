import { md5 } from '@noble/hashes/legacy.js'
import { sha256, sha512_256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { bytesOf } from './byte-string.ts'

/** What a challenge wants its hashes made with (RFC 7616 §6.1). */
export interface Algorithm {
  /** As the server wrote it; `undefined` when it did not, which means MD5. */
  readonly name: string | undefined
  /** More is stronger; 0 is MD5. */
  readonly strength: number
  /** The `-sess` variants: the key is that of a session (RFC 7616 §3.4.2). */
  readonly sess: boolean
  /** In lower-case hexadecimal. */
  readonly hash: (data: string | Uint8Array) => string
}

// Weakest first. Not WebCrypto: it has neither MD5 nor SHA-512/256, and what is hashed is short.
const hashes = [
  ['md5', md5],
  ['sha-256', sha256],
  ['sha-512-256', sha512_256],
] as const

/** `undefined` for one that is not known. Names have no case. */
export function algorithmOf(name: string | undefined): Algorithm | undefined {
  const [, base, sess] = /^(.*?)(-sess)?$/.exec(name?.toLowerCase() ?? 'md5') ?? []
  const strength = hashes.findIndex(([known]) => known === base)
  if (strength < 0) return undefined
  const [, hash] = hashes[strength]!
  return {
    name,
    strength,
    sess: sess !== undefined,
    hash: (data) => bytesToHex(hash(typeof data === 'string' ? bytesOf(data) : data)),
  }
}
