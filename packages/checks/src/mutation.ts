import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOWEST_SCORE, mutationPage, type StrykerReport, scoresOf } from './mutation-report.ts'
import { root } from './repo.ts'

// After `stryker run`: writes the page for the documents, and fails when a package is below the lowest score.
const report = JSON.parse(readFileSync(join(root, 'coverage/mutation.json'), 'utf8')) as StrykerReport
writeFileSync(join(root, 'docs/mutation.md'), mutationPage(report))

for (const { name, killed, survived, score } of scoresOf(report)) {
  const low = score < LOWEST_SCORE
  console.log(`${low ? 'too low' : 'ok'}: ${name} ${score.toFixed(1)} % (${killed} of ${killed + survived} killed)`)
  if (low) process.exitCode = 1
}
