import { parseArgs } from 'node:util'
import { checkNumber } from '@fetchstack/options'
import { soak } from './soak.ts'

// `pnpm soak`: mixed faults under load for a minute, then an account of what was left behind. Exit code 1 when anything was.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    concurrency: { type: 'string', default: '200' },
    calls: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
})
const number = (name: keyof typeof values): number => {
  const value = Number(values[name])
  checkNumber('soak', `--${name}`, value, { min: 1, max: 1_000_000, integer: true })
  return value
}
const options = {
  seconds: number('seconds'),
  concurrency: number('concurrency'),
  calls: number('calls'),
  seed: number('seed'),
}

console.log(
  `${options.seconds} s, ${options.concurrency} at once, rounds of ${options.calls} calls, seed ${options.seed}`,
)
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const result = await soak({
  ...options,
  onRound: (round, { heap, sockets, timers, listeners }, calls, requests) => {
    console.log(
      `round ${round}: ${calls} calls, ${requests} requests; heap ${mb(heap)}, ${sockets} sockets, ${timers} timers, ${listeners} listeners`,
    )
  },
})
console.log(`\n${result.calls} calls in ${result.rounds} rounds, ${result.requests} requests seen by the server`)
for (const [outcome, count] of Object.entries(result.outcomes).toSorted(([, a], [, b]) => b - a)) {
  console.log(`${String(count).padStart(8)}  ${outcome}`)
}
if (result.first && result.last) {
  console.log(`heap after the warm-up ${mb(result.first.heap)}, at the end ${mb(result.last.heap)}`)
}
for (const problem of result.problems) console.error(problem)
console.log(
  result.problems.length === 0
    ? 'Every call settled, the counts agree, nothing grew.'
    : `${result.problems.length} problems.`,
)
process.exitCode = result.problems.length === 0 ? 0 : 1
