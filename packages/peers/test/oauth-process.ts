/** One of several processes that share a refresh token in a file: has its token rejected again and again, and prints the last. */
import { setTimeout as sleep } from 'node:timers/promises'
import { clientAuth, oauth } from '@fetchstack/auth-oauth'
import { fileStore } from '@fetchstack/token-source/file'

const [server, secret, file, refreshToken, rounds] = process.argv.slice(2) as [string, string, string, string, string]
const source = oauth(
  {
    server,
    client: { id: 'rotating', auth: clientAuth.basic(secret) },
    grant: { type: 'refresh_token', refreshToken },
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
