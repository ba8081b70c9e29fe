import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

// One build for every package: the entries are the package's own `exports`, so they can't drift apart.
// JavaScript only; declarations come from `tsc` (see docs/decisions.md).
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, string> }

export default defineConfig({
  entry: Object.values(manifest.exports).filter((path) => path.endsWith('.ts')),
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  // Left as they are written: Deno and workerd know Node's modules by their `node:` names only.
  external: [/^node:/],
  removeNodeProtocol: false,
  dts: false,
  clean: true,
  treeshake: true,
  sourcemap: true,
  // Errors are printed all the same.
  silent: true,
})
