import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { type Entry, root } from './repo.ts'

/** What an entry is made of once everything outside of the package is left out. */
export interface Reach {
  /** Imported specifiers that are not relative, types left out. */
  readonly imports: readonly string[]
  /** What the code takes from its surroundings that a pure function must not. */
  readonly impure: readonly string[]
}

const surroundings = [
  'Date.now',
  'Math.random',
  'crypto',
  'fetch',
  'globalThis',
  'navigator',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
]
const marker = (name: string): string => `__impure_${name.replace('.', '_')}`

/**
 * Follows an entry through the files of its own package. Names of the surroundings are found by the bundler, which knows a
 * global from a local variable, a comment or a word in a text.
 */
export async function reachOf(entry: Entry): Promise<Reach> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, entry.file)],
    define: Object.fromEntries(surroundings.map((name) => [name, marker(name)])),
    packages: 'external',
    bundle: true,
    treeShaking: false,
    minifyWhitespace: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const code = outputFiles[0]!.text
  const impure = surroundings.filter((name) => new RegExp(`\\b${marker(name)}\\b`).test(code))
  if (/\bnew Date(?:\(\)|(?!\s*\())/.test(code)) impure.push('new Date()')
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path))
  return { imports: [...new Set(imports)], impure }
}

/**
 * What stays, minified, of an entry that is imported and not used, when a bundler has only the statements to go by. A build
 * bundles an entry's files into one, so there "this file has no side effects" no longer helps.
 */
export async function remainderOf(entry: Entry): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `import ${JSON.stringify(join(root, entry.file))}`, resolveDir: root },
    plugins: [
      {
        name: 'every file counts, no package does',
        setup({ onResolve, resolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path }) => ({ path, external: true, sideEffects: false }))
          onResolve({ filter: /^[./]/ }, async ({ path, resolveDir, kind, pluginData }) => {
            if (pluginData === true) return undefined
            const resolved = await resolve(path, { resolveDir, kind, pluginData: true })
            return { path: resolved.path, errors: resolved.errors, sideEffects: true }
          })
        },
      },
    ],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** Every specifier that a source file imports or re-exports, types too. */
export async function specifiersOf(source: string): Promise<string[]> {
  // Comments go, type-only imports stay: they end up in the declarations.
  const { code } = await transform(source.replaceAll(/^(import(?= type )|export(?= type [{*])) type/gm, '$1'), {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    legalComments: 'none',
  })
  return [...code.matchAll(/\bfrom "([^"]+)"|\bimport\(?\s*"([^"]+)"/g)].map(([, from, bare]) => from ?? bare!)
}

/** `@fetchstack/backoff/presets` is in the package `@fetchstack/backoff`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
