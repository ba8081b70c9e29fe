import { defineConfig } from 'vitest/config'

const major = Number(process.versions.node.split('.')[0])
if (major < 22) {
  throw new Error(
    `The tests need Node 22 or newer and run on ${process.versions.node}. Start them with "npx -y pnpm@12 test": the project brings its own Node.`,
  )
}

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts'],
    // By default one core is left idle, which on two cores is half of the machine. A file per process: some tests patch globals.
    maxWorkers: '100%',
    // For a busy machine; no test here waits that long.
    testTimeout: 20_000,
    typecheck: { enabled: true, include: ['packages/*/test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
    coverage: {
      provider: 'v8',
      include: [
        'packages/status-classifier/src/**/*.ts',
        'packages/backoff/src/**/*.ts',
        'packages/retry-decision/src/**/*.ts',
      ],
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
    },
  },
})
