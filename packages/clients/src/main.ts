import { clients } from './clients/index.ts'
import { run } from './run.ts'

const names = process.argv.slice(2)
for (const { client, check, status, text } of await run(
  clients.filter(({ name }) => names.length === 0 || names.includes(name)),
)) {
  console.log(client, check, status, text)
}
