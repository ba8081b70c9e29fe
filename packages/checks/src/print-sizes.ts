import { sizeLimits } from './size-limits.ts'
import { measureSizes } from './sizes.ts'

// `--json` for a program, `--files <name>` for the files that a bundle is made of.

const sizes = await measureSizes()
const named = process.argv.indexOf('--files') + 1
if (process.argv.includes('--json')) {
  const numbers = sizes.map(({ name, minified, gzip }) => [name, { minified, gzip }])
  console.log(JSON.stringify(Object.fromEntries(numbers), null, 2))
} else if (named > 0) {
  const size = sizes.find(({ name }) => name === process.argv[named])
  if (size === undefined) throw new Error(`--files takes one of: ${sizes.map(({ name }) => name).join(', ')}.`)
  console.log(`${size.name}: minified bytes by file, ${size.minified} in all`)
  const files = Object.entries(size.inputs).toSorted(([, a], [, b]) => b - a)
  for (const [file, bytes] of files) console.log(`${String(bytes).padStart(8)}  ${file}`)
} else {
  const width = Math.max(...sizes.map(({ name }) => name.length))
  console.log(`${'bytes'.padEnd(width)}  minified      gzip   ceiling`)
  for (const { name, minified, gzip } of sizes) {
    const numbers = [minified, gzip, sizeLimits[name] ?? ''].map((value) => String(value).padStart(8))
    console.log([name.padEnd(width), ...numbers].join('  '))
  }
}
const over = sizes.filter(({ name, gzip }) => gzip > (sizeLimits[name] ?? Number.POSITIVE_INFINITY))
for (const { name, gzip } of over) console.error(`${name} is ${gzip} bytes, above its ceiling of ${sizeLimits[name]}.`)
process.exitCode = over.length === 0 ? 0 : 1
