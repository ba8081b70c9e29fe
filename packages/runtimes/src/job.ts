import type { RuntimeName } from './contract.ts'

/** One case to run: what travels from the driver to a runtime. */
export interface Job {
  readonly id: string
  readonly runtime: RuntimeName
  /** Where the case's servers are controlled. */
  readonly control: string
  readonly url: string
  readonly otherUrl: string
  readonly refusedUrl: string
  readonly tlsUrl: string
  readonly stalledUrl: string | null
  readonly streamsUrl: string | null
  /** Milliseconds, for cases that have no limit of their own. */
  readonly timeLimit: number
}
