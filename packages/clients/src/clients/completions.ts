/** What OpenAI, and those who speak its language, answer to a chat. */
export const completion = {
  id: 'new',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'one',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}

/** The pieces of `completionStream`. */
export const completionItems: readonly string[] = ['One', ' two', ' three', '.']

const event = (content: string): object => ({
  id: 'new',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'one',
  choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
})

/** The same as server-sent events. */
export const completionStream: string = `${completionItems
  .map((content) => `data: ${JSON.stringify(event(content))}\n\n`)
  .join('')}data: [DONE]\n\n`
