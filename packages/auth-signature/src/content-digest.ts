/** The value of `Content-Digest` (RFC 9530 §2). */
export async function contentDigest(algorithm: 'sha-256' | 'sha-512', bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, bytes))
  return `${algorithm}=:${btoa(String.fromCharCode(...hash))}:`
}
