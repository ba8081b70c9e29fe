/** One after the other, texts as UTF-8. Strict: what is left out by mistake would not be signed. @throws {TypeError} */
export function concat(parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  if (!Array.isArray(parts)) throw new TypeError('base must give a list.')
  const encoder = new TextEncoder()
  const pieces = parts.map((part) => {
    if (part instanceof Uint8Array) return part
    if (typeof part === 'string') return encoder.encode(part)
    throw new TypeError('base must give texts and bytes.')
  })
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
