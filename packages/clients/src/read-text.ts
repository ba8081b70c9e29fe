/** The text of a stream, the web's or Node's, piece by piece. */
export async function* readText(body: AsyncIterable<Uint8Array> | null | undefined): AsyncGenerator<string> {
  if (!body) throw new TypeError('There is no stream.')
  const decoder = new TextDecoder()
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true })
}
