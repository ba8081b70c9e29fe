import { sizeLimits } from './size-limits.ts'
import { measureSizes } from './sizes.ts'

const sizes = await measureSizes()
if (process.argv.includes('--json')) {
  console.log(
    JSON.stringify(Object.fromEntries(sizes.map(({ name, minified, gzip }) => [name, { minified, gzip }])), null, 2),
  )
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
