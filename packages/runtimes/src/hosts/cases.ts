import type { CaseResult, RuntimeName } from '../contract.ts'
import type { Job } from '../job.ts'
import type { ControlledStage } from '../server/control.ts'
import type { Task } from './host.ts'

/** A case that was handed out. */
export interface OpenCase {
  readonly job: Job
  /** Milliseconds after which a case ends itself. */
  readonly limit: number
  /** Closes its servers and reports. Only the first call counts. */
  finish(result: CaseResult): Promise<void>
}

/** Opens the servers of a case. */
export async function openCase(task: Task, runtime: RuntimeName, id: string): Promise<OpenCase> {
  const stage = await task.control.openStage()
  const { control, url, otherUrl, refusedUrl, tlsUrl } = stage
  const streamsUrl = runtime === 'workerd' ? null : stage.streamsUrl
  const { timeLimit, stalledUrl = null, program } = task
  const limit = program.suite.cases.find((one) => one.id === id)?.timeLimit ?? timeLimit
  const start = performance.now()
  let open = true
  return {
    job: { id, runtime, control, url, otherUrl, refusedUrl, tlsUrl, stalledUrl, streamsUrl, timeLimit },
    limit,
    finish: async (result) => {
      if (!open) return
      open = false
      task.report(withProblems(result, stage), Math.round(performance.now() - start))
      await stage.close()
    },
  }
}

/** A script that the server could not read has tested nothing. */
function withProblems(result: CaseResult, stage: ControlledStage): CaseResult {
  const [problem] = stage.problems()
  if (problem === undefined || result.failure !== undefined) return result
  return { id: result.id, failure: `The server was asked for what it can't do: ${problem}` }
}
