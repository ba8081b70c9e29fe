// Texts here have a character for each byte, as `Headers` gives them: what a server wrote is hashed as it was written.

/** UTF-8, of the composed form (RFC 7616 §4). */
export function utf8(text: string): string {
  return Array.from(new TextEncoder().encode(text.normalize()), (byte) => String.fromCharCode(byte)).join('')
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** RFC 9110 §5.6.4. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}

/** RFC 8187 §3.2.1: all but `attr-char` as percent and two digits. */
export function extended(text: string): string {
  return `UTF-8''${text.replaceAll(/[^\w!#$&+.^`|~-]/g, (byte) => `%${hex(byte.charCodeAt(0), 2).toUpperCase()}`)}`
}

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
