import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { challenges } from './challenges.ts'
import { contestants } from './contestants.ts'
import { loopback } from './loopback.ts'
import { measure, type Timing } from './measure.ts'
import { signers } from './signers.ts'
import { sizes } from './sizes.ts'

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: { quick: { type: 'boolean', default: false }, out: { type: 'string', default: 'results/latest.json' } },
})
const plan = values.quick ? { rounds: 5, turn: 10 } : { rounds: 21, turn: 50 }

const noBody = await measure(
  contestants(() => Promise.resolve(new Response(null)), 'https://api.example.com/videos'),
  plan,
)
const wire = await loopback(values.quick ? { rounds: 5, turn: 100 } : { rounds: 21, turn: 250 })
const signed = await signers(values.quick ? { rounds: 5, turn: 20 } : { rounds: 21, turn: 50 })
const read = await challenges(values.quick ? { rounds: 5, turn: 5 } : { rounds: 11, turn: 10 })
const weights = await sizes()

const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length }
const report = {
  machine,
  stub: overhead(noBody),
  loopback: throughput(wire),
  signers: signed.map((row) => ({ ...row, ratio: row.ratio.toFixed(2) })),
  challenges: read.map((row) => ({ ...row, median: row.median.toFixed(2), best: row.best.toFixed(2) })),
  sizes: weights.map(({ name, minified, gzip }) => ({ name, minified, gzip })),
}
console.log(`Node ${machine.node}, ${machine.cores} cores, ${machine.cpu}. All in one run, in turns; medians.\n`)
table(
  'On a stub fetch: what each adds to a call',
  ['', 'adds ns', 'of what ky adds', 'best ns'],
  report.stub.map((row) => [row.name, row.adds, row.ofKy, row.best]),
)
table(
  'On loopback HTTP, body read: calls a second',
  ['', 'µs a call', 'of bare fetch'],
  report.loopback.map((row) => [row.name, row.micros, row.ofBare]),
)
table(
  'Signed calls on a stub fetch: the stack, and the library alone',
  ['', 'stack ns', 'library ns', 'ratio'],
  report.signers.map((row) => [row.name, row.stack, row.library, row.ratio]),
)
table(
  'The challenge parser on fields of 16 KiB',
  ['', 'ms', 'best ms'],
  report.challenges.map((row) => [row.name, row.median, row.best]),
)
table(
  'Bytes: minified, gzip -9',
  ['', 'minified', 'gzip'],
  report.sizes.map((row) => [row.name, row.minified, row.gzip]),
)
await mkdir(dirname(values.out), { recursive: true })
await writeFile(values.out, `${JSON.stringify(report, null, 2)}\n`)
console.log(`Written to packages/bench/${values.out}.`)

/** By the median of a contestant less the median of the bare base fetch. */
function overhead(timings: readonly Timing[]): { name: string; adds: number; ofKy: string; best: number }[] {
  const base = timings[0]!
  const ky = timings.find(({ name }) => name === 'ky 2.1, defaults')!.median - base.median
  return timings.map(({ name, median, best }) => {
    const adds = median - base.median
    return { name, adds: Math.round(adds), ofKy: adds === 0 ? '' : (adds / ky).toFixed(3), best: Math.round(best) }
  })
}

function throughput(timings: readonly Timing[]): { name: string; micros: string; ofBare: string }[] {
  const base = timings[0]!
  return timings.map(({ name, median }) => ({
    name,
    micros: (median / 1000).toFixed(1),
    ofBare: (base.median / median).toFixed(3),
  }))
}

function table(title: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
  )
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const lines = cells.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  )
  console.log([title, ...lines, ''].join('\n'))
}
