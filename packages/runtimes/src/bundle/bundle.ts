import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { Suite } from '../contract.ts'
import type { runCase, runQueue } from '../runner.ts'

/** What a bundle exports: the suite, and the runner that belongs to it. */
export interface Program {
  readonly suite: Suite
  readonly runCase: typeof runCase
  readonly runQueue: typeof runQueue
}

/** The same program, in the forms that the runtimes take. */
export interface Bundles {
  /** For Node, Bun and Deno: an ES module; `node:` is theirs. */
  readonly server: string
  /** For workerd: an ES module without `node:`. */
  readonly portable: string
  /** For a page: a script that defines `program`. */
  readonly page: string
}

const sources = dirname(dirname(fileURLToPath(import.meta.url)))

/** The folder of the workspace. */
export const root: string = dirname(dirname(dirname(sources)))

/** The name that the page's script gives the program. */
export const PAGE_GLOBAL = 'program'

/**
 * Bundles a suite with the runner.
 *
 * @param entry - The suite's module, relative to `src`.
 * @param consumer - A folder in which the packed tarballs are installed. `undefined`: the sources of the workspace.
 */
export async function bundleSuite(entry: string, consumer: string | undefined): Promise<Bundles> {
  const plugins = consumer === undefined ? [] : [fromConsumer(consumer)]
  const one = async (format: 'esm' | 'iife', portable: boolean) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `export { suite } from './${entry}'\nexport { runCase, runQueue } from './runner.ts'\n`,
        resolveDir: sources,
        loader: 'ts',
      },
      bundle: true,
      write: false,
      format,
      ...(format === 'iife' && { globalName: PAGE_GLOBAL }),
      target: 'es2023',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['import', 'default'],
      logLevel: 'silent',
      plugins: portable ? [withoutNode(), ...plugins] : plugins,
      ...(!portable && { external: ['node:*'] }),
    })
    return outputFiles[0]!.text
  }
  const [server, portable, page] = await Promise.all([one('esm', false), one('esm', true), one('iife', true)])
  return { server, portable, page }
}

/** The packages of the workspace that a suite imports, directly or not: `retry`. */
export async function packagesIn(entry: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(sources, entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['node:*'],
    logLevel: 'silent',
  })
  const names = Object.keys(metafile.inputs).map((file) => /^packages\/([^/]+)\//.exec(file)?.[1])
  return [...new Set(names)].filter((name) => name !== undefined && name !== 'runtimes') as string[]
}

/** Our packages, and with them all that they depend on, come from the tarballs. */
function fromConsumer(consumer: string): Plugin {
  return {
    name: 'from-tarballs',
    setup: ({ onResolve, resolve }) => {
      onResolve({ filter: /^@fetchstack\// }, ({ path, kind, pluginData }) =>
        pluginData === 'resolved' ? undefined : resolve(path, { kind, resolveDir: consumer, pluginData: 'resolved' }),
      )
    },
  }
}

/** Loads, and throws where it is used: what a module needs only on Node must not keep it from loading elsewhere. */
function withoutNode(): Plugin {
  return {
    name: 'without-node',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'absent' }))
      onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
        contents: `module.exports = new Proxy({}, { get: (_, key) => key === '__esModule' ? undefined : () => { throw new Error(${JSON.stringify(path)} + ' is not in this runtime') } })`,
        loader: 'js',
      }))
    },
  }
}
