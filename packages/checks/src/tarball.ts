import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageOf, specifiersOf } from './imports.ts'
import { filesBelow, type Manifest, root, type WorkspacePackage } from './repo.ts'
import { run } from './run.ts'

/** A packed package, as it would be published. */
export interface Tarball {
  readonly name: string
  /** The `.tgz`. */
  readonly file: string
  /** Where it is unpacked. */
  readonly folder: string
}

/** A message when the package has no build, or one that is older than its sources. */
export function buildProblem({ folder }: WorkspacePackage): string | undefined {
  const newest = (files: readonly string[], pick: (...times: number[]) => number): number =>
    pick(...files.map((file) => statSync(join(root, file)).mtimeMs))
  const dist = join(root, folder, 'dist')
  const outputs = existsSync(dist)
    ? readdirSync(dist, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(js|d\.ts)$/.test(file))
        .map((file) => `${folder}/dist/${file}`)
    : []
  if (outputs.length === 0) return 'is not built. Run "pnpm build" first.'
  const sources = filesBelow(`${folder}/src`, (file) => file.endsWith('.ts'))
  if (newest(sources, Math.max) > newest(outputs, Math.min)) return 'changed after its build. Run "pnpm build" again.'
  return undefined
}

/** Packs with the pnpm that runs this script, so that `publishConfig`, `workspace:` and `catalog:` are resolved as in a release. */
export async function pack(packages: readonly WorkspacePackage[], into: string): Promise<Tarball[]> {
  const started = process.env['npm_execpath'] ?? ''
  const [program, first] = !basename(started).startsWith('pnpm')
    ? ['npx', ['-y', 'pnpm@12']]
    : /\.[cm]?js$/.test(started)
      ? [process.execPath, [started]]
      : [started, []]
  const filters = packages.flatMap(({ name }) => ['--filter', name])
  const packed = await run(program, [...first, '-r', ...filters, 'pack', '--pack-destination', into], root)
  if (!packed.ok) throw new Error(`pnpm pack failed:\n${packed.output}`)
  return Promise.all(
    packages.map(async ({ name, short, manifest }) => {
      const file = join(into, `fetchstack-${short}-${manifest.version}.tgz`)
      const folder = join(into, short)
      mkdirSync(folder)
      const unpacked = await run('tar', ['-xzf', file, '-C', folder, '--strip-components=1'], into)
      if (!unpacked.ok) throw new Error(`${file} can't be unpacked:\n${unpacked.output}`)
      return { name, file, folder }
    }),
  )
}

const TOP_LEVEL = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'src']

/** What a tarball must have and must not have. */
export async function tarballProblems({ folder }: Tarball): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  const manifestText = readFileSync(join(folder, 'package.json'), 'utf8')
  const manifest = JSON.parse(manifestText) as Omit<Manifest, 'exports'> & {
    exports: Record<string, string | Record<string, string>>
  }
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

  const problems: string[] = []
  for (const needed of TOP_LEVEL.slice(1)) {
    if (!files.some((file) => file === needed || file.startsWith(`${needed}/`))) problems.push(`has no ${needed}`)
  }
  for (const file of files) {
    if (!TOP_LEVEL.includes(file.split('/')[0]!)) problems.push(`carries ${file}`)
    else if (/(^|[./-])(test|bench|fixtures?)(-d)?[./]/.test(file.replace(/^(src|dist)\/testing\//, ''))) {
      problems.push(`carries the test file ${file}`)
    }
  }
  for (const protocol of ['workspace:', 'catalog:']) {
    if (manifestText.includes(`"${protocol}`)) problems.push(`has "${protocol}" left in its package.json`)
  }
  for (const target of Object.values(manifest.exports).flatMap((one) =>
    typeof one === 'string' ? one : Object.values(one),
  )) {
    if (!files.includes(target.slice(2))) problems.push(`exports ${target}, which is not in the tarball`)
    // Data is not built.
    if (target.startsWith('./src/') && !target.endsWith('.json')) problems.push(`exports the source ${target}`)
  }
  for (const file of files.filter((one) => /^dist\/.*\.(js|d\.ts)$/.test(one))) {
    for (const specifier of await specifiersOf(readFileSync(join(folder, file), 'utf8'))) {
      const known = /^(\.|node:)/.test(specifier) || declared.includes(packageOf(specifier))
      if (!known) problems.push(`imports ${specifier} in ${file} without declaring it`)
    }
  }
  for (const file of files.filter((one) => one.endsWith('.js.map'))) {
    const { sources } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { sources: string[] }
    const foreign = sources.filter((source) => !/^(\.\.\/)+src\//.test(source))
    if (foreign.length > 0) problems.push(`has foreign code bundled into ${file.slice(0, -4)}: ${foreign.join(', ')}`)
  }
  return problems
}
