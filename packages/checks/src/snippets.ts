/** A piece of TypeScript that was found in a document, and where it stands. */
export interface Snippet {
  /** The document, relative to the root. */
  readonly file: string
  /** The line of the document, from 1, that the first line of `code` stands on. */
  readonly line: number
  readonly code: string
  /** Marked ```` ```ts fails ````: it shows what must not compile. */
  readonly fails: boolean
}

const FENCE = /^(\s*)(`{3,}|~{3,})\s*(.*)$/
const TYPESCRIPT = /^(?:ts|typescript)(?:\s+(.*))?$/

/** The TypeScript code blocks of a markdown text. Blocks in other languages are left alone. */
export function markdownSnippets(file: string, text: string, firstLine = 1): Snippet[] {
  const snippets: Snippet[] = []
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const open = FENCE.exec(lines[index]!)
    if (open === null) continue
    const [, indent = '', fence = '', info = ''] = open
    const start = index + 1
    while (++index < lines.length && !closes(lines[index]!, fence));
    const typescript = TYPESCRIPT.exec(info.trim())
    if (typescript === null) continue
    const mark = typescript[1]?.trim() ?? ''
    if (mark !== '' && mark !== 'fails') {
      throw new Error(
        `${file}:${firstLine + start - 1} a ts block can be marked "fails" and nothing else, not "${mark}".`,
      )
    }
    const code = lines.slice(start, index).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    snippets.push({ file, line: firstLine + start, code: code.join('\n'), fails: mark === 'fails' })
  }
  return snippets
}

function closes(line: string, fence: string): boolean {
  const trimmed = line.trim()
  return trimmed.length >= fence.length && trimmed === fence[0]!.repeat(trimmed.length)
}

/** The `@example` blocks in the doc comments of a source file, fenced or bare. */
export function exampleSnippets(file: string, source: string): Snippet[] {
  return [...source.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].flatMap((comment) => {
    const firstLine = source.slice(0, comment.index).split('\n').length
    const lines = comment[0]
      .split('\n')
      .map((line) => line.replace(/^\s*(?:\/\*\*|\*(?!\/)) ?/, '').replace(/\s*\*\/$/, ''))
    return examples(lines).flatMap(({ start, end }) => {
      const body = lines.slice(start, end)
      if (body.some((line) => FENCE.test(line))) return markdownSnippets(file, body.join('\n'), firstLine + start)
      return [{ file, line: firstLine + start, code: body.join('\n'), fails: false }]
    })
  })
}

/** Where each `@example` of a comment begins (the line after the tag) and ends (before the next tag). */
function examples(lines: readonly string[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  let fenced = false
  for (const [index, line] of lines.entries()) {
    if (FENCE.test(line)) fenced = !fenced
    if (fenced || !/^\s*@\w/.test(line)) continue
    const last = found.at(-1)
    if (last?.end === lines.length) last.end = index
    if (/^\s*@example\b/.test(line)) found.push({ start: index + 1, end: lines.length })
  }
  return found
}
