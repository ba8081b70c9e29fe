import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checksFolder, entriesOf, readJson, root, type WorkspacePackage } from './repo.ts'
import { run } from './run.ts'
import { EXAMPLE } from './size-limits.ts'
import { type Candidate, measureSize } from './sizes.ts'
import type { Tarball } from './tarball.ts'

/** An empty project with the tarballs installed by npm, as a user has it: no workspace, no symbolic links. */
export async function installConsumer(tarballs: readonly Tarball[], into: string): Promise<string> {
  const folder = join(into, 'consumer')
  mkdirSync(folder)
  // Optional peers whose entry can't be loaded without them.
  const peers = ['ky', '@smithy/signature-v4'].map((name): [string, string] => [
    name,
    readJson<{ version: string }>(`packages/checks/node_modules/${name}/package.json`).version,
  ])
  const dependencies = {
    ...Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`])),
    ...Object.fromEntries(peers),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  // Settings of the workspace's own pnpm run would reach npm through the environment.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^p?npm_(?!config_registry$)/.test(name)),
  )
  const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--omit=dev', '--omit=optional', '--prefer-offline']
  const installed = await run('npm', ['install', ...flags], folder, env)
  if (!installed.ok) throw new Error(`npm can't install the tarballs:\n${installed.output}`)
  return folder
}

/** Runs the smoke program on the installed packages. */
export async function smokeProblems(consumer: string, packages: readonly WorkspacePackage[]): Promise<string[]> {
  copyFileSync(join(checksFolder, 'src/consumer/smoke.ts'), join(consumer, 'smoke.ts'))
  const entries = packages.flatMap(entriesOf).map(({ specifier }) => specifier)
  const { ok, output } = await run(process.execPath, ['smoke.ts', ...entries], consumer)
  return ok ? [] : [`The smoke program fails:\n${output}`]
}

/** Type-checks the smoke program and a file that imports every entry, declarations of all dependencies included. */
export async function typeProblems(consumer: string, packages: readonly WorkspacePackage[]): Promise<string[]> {
  const entries = packages.flatMap(entriesOf)
  const imports = entries.map(({ specifier }, index) => `import * as entry${index} from '${specifier}'`)
  const uses = entries.map((_, index) => `entry${index}`)
  writeFileSync(
    join(consumer, 'entries.ts'),
    `${imports.join('\n')}\nexport const all: object[] = [${uses.join(', ')}]\n`,
  )
  const problems: string[] = []
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    writeFileSync(
      join(consumer, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          target: 'es2023',
          lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
          module,
          moduleResolution,
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
        },
        files: ['smoke.ts', 'entries.ts'],
      }),
    )
    const { ok, output } = await run(
      join(root, 'node_modules/.bin/tsc'),
      ['-p', consumer, '--pretty', 'false'],
      consumer,
    )
    if (!ok) problems.push(`The declarations fail under "moduleResolution": "${moduleResolution}":\n${output}`)
  }
  return problems
}

/** Weighs what is installed next to its sources: a build can lose what makes them shake well. */
export async function builtSizeProblems(consumer: string, packages: readonly WorkspacePackage[]): Promise<string[]> {
  copyFileSync(join(checksFolder, 'src/example.ts'), join(consumer, 'example.ts'))
  const example = `export * from ${JSON.stringify(join(checksFolder, 'src/example.ts'))}`
  const pairs = [compare({ name: EXAMPLE, code: example }, { code: "export * from './example.ts'", folder: consumer })]
  // The neighbours are left out: their builds are weighed in their own turn.
  const outside = packages.flatMap(({ name, manifest }) => [name, ...Object.keys(manifest.peerDependencies ?? {})])
  for (const one of packages) {
    const external = outside.filter((name) => name !== one.name)
    for (const { specifier } of entriesOf(one)) {
      pairs.push(compare({ name: specifier, code: `export * from '${specifier}'`, external }, { folder: consumer }))
    }
  }
  return (await Promise.all(pairs)).flat()
}

async function compare(fromSources: Candidate, changes: Partial<Candidate>): Promise<string[]> {
  const [source, built] = await Promise.all([measureSize(fromSources), measureSize({ ...fromSources, ...changes })])
  if (built.gzip <= source.gzip * 1.05 + 20) return []
  return [`${source.name} is ${built.gzip} bytes from its build, and ${source.gzip} from its sources.`]
}
