import type { Category, Durability, Evidence, Fault, Processed, RetryGuidance, Verdict } from './types.ts'

type Cap = '' | ' 1' | ` 0 ${string}` | ` 1 ${string}`

/** Category, fault, durability, processed, retry; then, where there are any, the cap on resends (0: none) and a reference. */
export type Fields = `${Category} ${Fault} ${Durability} ${Processed} ${RetryGuidance}${Cap}`

/**
 * A row of a table: what it says, then the keys that it is for.
 * Rows are text since text is what compresses best, and a row then reads like the table in a document.
 */
export type Row = `${Fields}|${string}`

/** Something to look up, and how to name it in the evidence; without a name, the key that fits is named. */
export type Clue = readonly [text: string, detail?: string]

/** The verdict of the first row with a key that a clue starts with, or that it holds anywhere if the key has a space in front. */
export function find(rows: readonly Row[], source: string, clues: readonly Clue[]): Verdict {
  for (const row of rows) {
    const [fields, ...keys] = row.split('|')
    for (const key of keys) {
      for (const [text, detail = key.trim()] of clues) {
        const fits = key[0] === ' ' ? text.includes(key) : text.startsWith(key)
        if (fits) return read(fields as Fields, source, detail)
      }
    }
  }
  return read('unknown none unknown maybe never', source, clues[0]?.[1] ?? 'not recognised')
}

/** Fields as a verdict, with what it rests on. */
export function read(fields: Fields, source: string, detail: string): Verdict {
  const [category, fault, durability, processed, retry, cap, ...words] = fields.split(' ') as [
    Category,
    Fault,
    Durability,
    Processed,
    RetryGuidance,
    ...string[],
  ]
  const evidence: Evidence = { source, detail, ...(words[0] && { ref: words.join(' ') }) }
  return {
    category,
    fault,
    durability,
    processed,
    retry,
    ...(Number(cap) && { maxRetries: 1 }),
    evidence: [evidence],
  }
}
