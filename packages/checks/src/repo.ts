import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the workspace, without a closing slash. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '')

/** The folder of this package: what is type-checked or bundled for a check sees the packages that it depends on. */
export const checksFolder: string = join(root, 'packages/checks')

/** The fields of a `package.json` that the checks look at. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: boolean
  readonly engines?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  readonly exports?: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly access?: string; readonly exports?: Readonly<Record<string, unknown>> }
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Without the scope: `handler-stack`. */
  readonly short: string
  readonly name: string
  /** Relative to the root: `packages/handler-stack`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** An entry that users import: `@fetchstack/backoff/presets` and the source file it stands for. */
export interface Entry {
  readonly specifier: string
  /** Relative to the root. */
  readonly file: string
}

export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as T
}

/** Every package of the workspace, by name. */
export function workspacePackages(): WorkspacePackage[] {
  return readdirSync(join(root, 'packages'))
    .filter((short) => existsSync(join(root, 'packages', short, 'package.json')))
    .toSorted()
    .map((short) => {
      const folder = `packages/${short}`
      const manifest = readJson<Manifest>(`${folder}/package.json`)
      return { short, name: manifest.name, folder, manifest }
    })
}

/** The packages that are published. */
export function publicPackages(): WorkspacePackage[] {
  return workspacePackages().filter((one) => one.manifest.private !== true)
}

/** The entries with code: all of `exports` but `./package.json`. The main entry comes first. */
export function entriesOf(one: WorkspacePackage): Entry[] {
  return Object.entries(one.manifest.exports ?? {})
    .filter(([, target]) => target.endsWith('.ts'))
    .map(([subpath, target]) => ({
      specifier: subpath === '.' ? one.name : `${one.name}/${subpath.slice(2)}`,
      file: `${one.folder}/${target.slice(2)}`,
    }))
}

/** Files below a folder, relative to the root, with `/` on every system; none when the folder does not exist. */
export function filesBelow(folder: string, wanted: (file: string) => boolean): string[] {
  const start = join(root, folder)
  if (!existsSync(start)) return []
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file) && wanted(file))
    .toSorted()
}
