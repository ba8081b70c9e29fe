import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageOf, reachOf, remainderOf, specifiersOf } from '../src/imports.ts'
import {
  entriesThatStay,
  layers,
  nodeEntries,
  nodePackages,
  purePackages,
  thirdPartyOfMainEntry,
} from '../src/layers.ts'
import { publicNames } from '../src/public-names.ts'
import { entriesOf, filesBelow, publicPackages, readJson, root, workspacePackages } from '../src/repo.ts'

const published = publicPackages()
const sourcesOf = (folder: string): string[] => filesBelow(`${folder}/src`, (file) => file.endsWith('.ts'))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

async function importsOf(folder: string): Promise<string[]> {
  const specifiers = await Promise.all(sourcesOf(folder).map(async (file) => specifiersOf(read(file))))
  return [...new Set(specifiers.flat())]
}

describe('the workspace', () => {
  it('every published package has a layer, and every layer a package', () => {
    expect(Object.keys(layers).toSorted()).toEqual(published.map(({ short }) => short).toSorted())
  })

  it('all packages have one version, and the licence and the engines of the root', () => {
    const { license, engines } = readJson<Record<string, unknown>>('package.json')
    const { version } = workspacePackages()[0]!.manifest
    for (const { name, manifest } of workspacePackages()) {
      expect({ name, version: manifest.version, license: manifest.license, engines: manifest.engines }).toEqual({
        name,
        version,
        license,
        engines,
      })
    }
  })

  it('no compiler project, lock file or tool setting hides in a package', () => {
    const allowed = ['README.md', 'package.json', 'src', 'test', 'tsconfig.json', 'tsup.config.ts', 'CHANGELOG.md']
    const ignored = ['node_modules', 'dist', 'coverage', 'results']
    for (const { name, folder } of workspacePackages()) {
      const extra = readdirSync(join(root, folder)).filter((file) => ![...allowed, ...ignored].includes(file))
      expect({ name, extra }).toEqual({ name, extra: [] })
    }
  })
})

describe.each(published)('$name', ({ short, name, folder, manifest }) => {
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

  it('has the same set of files as every other package', () => {
    const needed = ['README.md', 'package.json', 'src/index.ts', 'tsconfig.json', 'tsup.config.ts', 'test']
    expect(needed.filter((file) => !existsSync(join(root, folder, file)))).toEqual([])
    expect(filesBelow(`${folder}/test`, (file) => file.endsWith('.test.ts'))).not.toEqual([])
  })

  it('has the same settings as every other package', () => {
    expect(manifest).toMatchObject({
      name: `@fetchstack/${short}`,
      description: expect.stringMatching(/^[A-Z].*[^.]$/),
      type: 'module',
      sideEffects: false,
      files: ['dist', 'src'],
      scripts: { build: 'tsup && tsc -p tsconfig.json' },
    })
    expect(read(`${folder}/tsup.config.ts`)).toBe("export { default } from '../../tsup.config.ts'\n")
    expect(readJson(`${folder}/tsconfig.json`)).toMatchObject({
      extends: '../../tsconfig.base.json',
      compilerOptions: { isolatedDeclarations: true, rootDir: 'src', outDir: 'dist' },
      include: ['src'],
    })
  })

  it('publishes the entries that it has here, built', () => {
    const built = Object.entries(manifest.exports ?? {}).map(([subpath, target]) => {
      const output = target.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '')
      return [subpath, target.endsWith('.ts') ? { types: `${output}.d.ts`, default: `${output}.js` } : target]
    })
    expect(manifest.publishConfig?.exports).toEqual(Object.fromEntries(built))
    expect(entriesOf({ short, name, folder, manifest }).filter(({ file }) => !existsSync(join(root, file)))).toEqual([])
  })

  it('documents every name that it exports', () => {
    const names = entriesOf({ short, name, folder, manifest }).flatMap(({ file }) => publicNames(file))
    expect(names).not.toEqual([])
    expect(names.filter(({ documented }) => !documented).map((one) => `${one.file}: ${one.name}`)).toEqual([])
  })

  it('depends only on packages of a lower layer', () => {
    const upwards = declared
      .filter((dependency) => dependency.startsWith('@fetchstack/'))
      .filter((dependency) => (layers[dependency.slice('@fetchstack/'.length)] ?? Infinity) >= layers[short]!)
    expect(upwards).toEqual([])
  })

  it('declares what its sources import, and imports what it declares', async () => {
    const imported = (await importsOf(folder)).filter((specifier) => !/^(\.|node:)/.test(specifier)).map(packageOf)
    // A client that is handed in is an optional peer: known by its shape, and not imported.
    const handedIn = declared.filter((dependency) => manifest.peerDependenciesMeta?.[dependency]?.optional === true)
    expect([...new Set([...imported, ...handedIn])].toSorted()).toEqual(declared.toSorted())
  })

  it('imports its own files with their extension', async () => {
    const imports = await importsOf(folder)
    expect(imports.filter((file) => file.startsWith('.') && !/\.(ts|json)$/.test(file))).toEqual([])
  })

  it('imports nothing of Node unless it is made for Node', async () => {
    const portable = entriesOf({ short, name, folder, manifest }).filter(
      ({ specifier }) => !nodePackages.includes(short) && !nodeEntries.includes(specifier),
    )
    const reached = await Promise.all(portable.map(reachOf))
    expect(reached.flatMap(({ imports }) => imports.filter((specifier) => specifier.startsWith('node:')))).toEqual([])
  })

  it('brings along from outside only what is listed for its main entry', async () => {
    const [main] = entriesOf({ short, name, folder, manifest })
    const { imports } = await reachOf(main!)
    const outside = imports.filter((specifier) => !/^(@fetchstack\/|node:)/.test(specifier)).map(packageOf)
    const listed = thirdPartyOfMainEntry[short] ?? []
    expect(outside.filter((dependency) => !listed.includes(dependency))).toEqual([])
  })
})

const removable = published.flatMap(entriesOf).filter(({ specifier }) => !entriesThatStay.includes(specifier))

it.each(removable)('$specifier leaves a bundle when nothing of it is used', async (entry) => {
  // Some bytes may stay: a folded constant, a class with a static block.
  expect((await remainderOf(entry)).slice(0, 500)).toSatisfy((rest: string) => rest.length < 500)
})

describe.each(published.filter(({ short }) => purePackages.includes(short)))('$name is pure', (one) => {
  it.each(entriesOf(one))('$specifier uses no clock, no randomness, no timer and no network', async (entry) => {
    expect((await reachOf(entry)).impure).toEqual([])
  })
})

describe('the check itself', () => {
  const fixture = (file: string) => reachOf({ specifier: file, file: `packages/checks/test/fixtures/${file}` })

  it('finds every use of the surroundings', async () => {
    const { impure } = await fixture('impure.ts')
    const expected = ['Date.now', 'Math.random', 'fetch', 'new Date()', 'performance', 'process', 'setTimeout']
    expect(impure.toSorted()).toEqual(expected.toSorted())
  })

  it('leaves local variables, texts and comments alone', async () => {
    expect((await fixture('pure.ts')).impure).toEqual([])
  })

  it('finds imports of types, values, side effects and at run time, but not in comments', async () => {
    const source = [
      "/** import { a } from 'comment' */",
      "import type { B } from 'types'",
      "import { type C, d } from 'values'",
      "export type { E } from 'exported-types'",
      "export * from 'everything'",
      "import 'effects'",
      'export type F = B | C',
      "d(await import('run-time'))",
    ]
    const expected = ['types', 'values', 'exported-types', 'everything', 'effects', 'run-time']
    expect((await specifiersOf(source.join('\n'))).toSorted()).toEqual(expected.toSorted())
  })
})
