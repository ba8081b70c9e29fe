/** One of several processes that share a file store: asks for tokens, has them rejected, and prints what it was given. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileStore } from '../src/file.ts'
import { makeToken, tokenSource } from '../src/index.ts'

const [url, file, rounds] = process.argv.slice(2) as [string, string, string]
const source = tokenSource(
  async ({ current, signal }) => {
    const body = new URLSearchParams({ refresh_token: current?.refreshToken?.reveal() ?? 'r0' })
    const response = await fetch(`${url}/token`, { method: 'POST', body, signal })
    const answer = (await response.json()) as Record<'error' | 'value' | 'refreshToken', string>
    if (!response.ok) throw Object.assign(new Error('refused'), { error: answer.error })
    return makeToken({ value: answer.value, refreshToken: answer.refreshToken })
  },
  // So that a token may be rejected as often as the test wants.
  { failureBackoff: () => 0, store: fileStore(file) },
)
for (let round = 0; round < Number(rounds); round++) {
  const token = await source.get()
  await sleep(Math.random() * 5)
  await source.replace(token)
}
process.stdout.write(source.peek()!.value.reveal())
