import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** What `pnpm mutation` runs on each mutant: the examples in the tests of the pure packages, and the same numbers each time. */
const config: ViteUserConfig = defineConfig({
  // The workspace, or Stryker's copy of it.
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    include: ['packages/{options,backoff,retry-decision,status-classifier}/test/**/*.test.ts'],
    exclude: [
      // Sockets and TLS are slow, and what they show is in tables that are tested without them, too.
      '**/node-*errors.test.ts',
      // A thousand cases for each mutant, where the own tests of a row fail first.
      '**/corpus.test.ts',
      // They look at files and not at behaviour.
      '**/{module-graph,readme}.test.ts',
      // Thousands of runs for each mutant. So each rule needs an example, too, that fails without luck.
      '**/{*.properties,properties,amplification}.test.ts',
    ],
    setupFiles: ['./packages/checks/src/mutation-seed.ts'],
  },
})
export default config
