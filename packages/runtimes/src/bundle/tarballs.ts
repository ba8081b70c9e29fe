import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnvironment, pnpmCommand, runCommand } from '../command.ts'
import type { SuiteEntry } from '../suites.ts'
import { packagesIn, root } from './bundle.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

interface Packed {
  readonly manifest: Manifest
  readonly folder: string
}

const SCOPE = '@fetchstack/'

/**
 * Packs the packages that the suites import, as a release would, and installs the tarballs into an empty project. What is not built,
 * or changed after its build, is built first. Resolves with the project's folder.
 */
export async function installTarballs(
  suites: readonly SuiteEntry[],
  into: string,
  log: (line: string) => void,
): Promise<string> {
  const imported = await Promise.all(suites.map(({ entry }) => packagesIn(entry)))
  const packages = withDependencies(imported.flat())
  const stale = packages.filter(needsBuild)
  const [pnpm, first] = pnpmCommand()
  const filters = (list: readonly Packed[]) => list.flatMap(({ manifest }) => ['--filter', manifest.name])
  if (stale.length > 0) {
    log(`building ${stale.map(({ manifest }) => manifest.name).join(', ')}`)
    await must(pnpm, [...first, '-r', ...filters(stale), 'build'], root)
  }
  log(`packing ${packages.map(({ manifest }) => manifest.name).join(', ') || 'nothing'}`)
  if (packages.length > 0)
    await must(pnpm, [...first, '-r', ...filters(packages), 'pack', '--pack-destination', into], root)

  const consumer = join(into, 'consumer')
  mkdirSync(consumer)
  const dependencies = Object.fromEntries(
    packages.map(({ manifest: { name, version } }) => [name, `file:${join(into, tarball(name, version))}`]),
  )
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--omit=dev', '--prefer-offline']
  await must('npm', ['install', ...flags, '--loglevel=error'], consumer, cleanEnvironment())
  return consumer
}

const tarball = (name: string, version: string): string => `${name.slice(1).replace('/', '-')}-${version}.tgz`

/** These packages of the workspace, and what they need in turn. */
function withDependencies(names: readonly string[]): Packed[] {
  const found = new Map<string, Packed>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    const folder = join(root, 'packages', name)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    found.set(name, { folder, manifest })
    for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      if (dependency.startsWith(SCOPE)) visit(dependency.slice(SCOPE.length))
    }
  }
  for (const name of names) visit(name)
  return [...found.values()]
}

function needsBuild({ folder }: Packed): boolean {
  const outputs = filesOf(join(folder, 'dist'), /\.(js|d\.ts)$/)
  if (outputs.length === 0) return true
  return Math.max(...filesOf(join(folder, 'src'), /\.(ts|json)$/)) > Math.min(...outputs)
}

/** When they were last written. */
function filesOf(folder: string, wanted: RegExp): number[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
}

async function must(program: string, args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv): Promise<void> {
  const { ok, output } = await runCommand(program, args, env === undefined ? { cwd } : { cwd, env })
  if (!ok) throw new Error(`${program} ${args.join(' ')} fails:\n${output.slice(-4_000)}`)
}
