import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stack } from '../src/example.ts'
import { root } from '../src/repo.ts'
import { EXAMPLE } from '../src/size-limits.ts'
import { measureSizes } from '../src/sizes.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')

describe('the README of the project', () => {
  it('prints the stack as it prints itself', () => {
    expect(readme).toContain(`\n${stack}\n`)
    expect(stack.check()).toEqual([])
  })

  it('gives the sizes that are measured, to 0.1 kB', async () => {
    const sizes = await measureSizes()
    expect(sizes.length).toBeGreaterThan(10)
    for (const { name, gzip } of sizes) {
      const row = new RegExp(`^\\| \\[\`${name}\`\\].*\\| ([\\d.]+) kB +\\|$`, 'm').exec(readme)
      // Entries of their own have no row.
      if (/^@fetchstack\/[^/]+$/.test(name))
        expect({ name, kB: Number(row?.[1]) }).toEqual({ name, kB: expect.closeTo(gzip / 1000, 1) })
      if (name === EXAMPLE) expect(readme).toContain(`with p-retry: ${(gzip / 1000).toFixed(1)} kB`)
    }
  }, 60_000)

  it('starts with the two commands that do all the set-up', () => {
    const [, first] = /```sh\n(.*?)```/s.exec(readme) ?? []
    expect(first).toMatch(/^npx -y pnpm@12 demo .*\nnpx -y pnpm@12 test /)
  })
})
