import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { checksFolder, entriesOf, publicPackages, root } from './repo.ts'
import { EXAMPLE } from './size-limits.ts'

/** Something to bundle and weigh. */
export interface Candidate {
  readonly name: string
  /** An ES module; what it exports is what stays. */
  readonly code: string
  /** Packages that the user has anyway, and so are not counted. Default: none. */
  readonly external?: readonly string[]
  /** The folder whose dependencies `code` can import. Default: this package's. */
  readonly folder?: string
}

/** The weight of a bundle, in bytes. */
export interface Size {
  readonly name: string
  readonly minified: number
  readonly gzip: number
  /** The minified bundle. */
  readonly bundle: string
  /** The files that something of is left in the bundle, with its minified bytes. */
  readonly inputs: Readonly<Record<string, number>>
}

/** Bundles from the sources as an application's bundler would: tree-shaken, minified, nothing lowered; then gzip -9. */
export async function measureSize({ name, code, external = [], folder = checksFolder }: Candidate): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder, loader: 'ts', sourcefile: 'entry.ts' },
    external: ['node:*', ...external],
    bundle: true,
    minify: true,
    treeShaking: true,
    format: 'esm',
    target: 'es2023',
    platform: 'browser',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    write: false,
    absWorkingDir: root,
    logLevel: 'silent',
  })
  const bundle = outputFiles[0]!.text
  const inputs: Record<string, number> = {}
  for (const [file, { bytesInOutput }] of Object.values(metafile.outputs).flatMap((one) =>
    Object.entries(one.inputs),
  )) {
    if (bytesInOutput > 0) inputs[file] = bytesInOutput
  }
  return { name, minified: Buffer.byteLength(bundle), gzip: gzipSync(bundle, { level: 9 }).length, bundle, inputs }
}

/** The composed example, ky for comparison, and every entry of every published package. */
export function candidates(): Candidate[] {
  return [
    { name: EXAMPLE, code: `export * from ${JSON.stringify(join(checksFolder, 'src/example.ts'))}` },
    { name: 'ky', code: "export { default } from 'ky'" },
    ...publicPackages().flatMap((one) =>
      entriesOf(one).map(({ specifier }) => ({
        name: specifier,
        code: `export * from '${specifier}'`,
        external: Object.keys(one.manifest.peerDependencies ?? {}),
      })),
    ),
  ]
}

/** Weighs the packages of this workspace, and `more` in the same way. */
export async function measureSizes(more: readonly Candidate[] = []): Promise<Size[]> {
  return Promise.all([...candidates(), ...more].map(measureSize))
}
