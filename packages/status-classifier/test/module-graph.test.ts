import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const src = new URL('../src/', import.meta.url)

/** All modules that a file of `src` pulls in at run time: paths inside `src`, and the names of packages. */
function graph(entry: string, seen: Set<string> = new Set()): readonly string[] {
  if (seen.has(entry)) return [...seen]
  seen.add(entry)
  const source = readFileSync(new URL(entry, src), 'utf8')
  for (const [, clause, from] of source.matchAll(/^(?:import|export) ([^'"]*?)from '([^']+)'/gm)) {
    if (clause?.startsWith('type ')) continue
    if (from?.startsWith('.')) graph(new URL(from, new URL(entry, src)).href.slice(src.href.length), seen)
    else seen.add(from ?? '')
  }
  return [...seen].toSorted()
}

describe('the module graph', () => {
  it('of classify holds the tables and the readers, but no text for people and no package', () => {
    expect(graph('classify.ts')).toEqual([
      'classify.ts',
      'network-error.ts',
      'network-table.ts',
      'readers/default-readers.ts',
      'readers/vendor-headers.ts',
      'readers/verdict-headers.ts',
      'row.ts',
      'status-table.ts',
    ])
  })

  it('of the main entry holds no structured-field parser', () => {
    const modules = graph('index.ts')
    expect(modules).toContain('status-texts.ts')
    expect(modules).not.toContain('proxy-status.ts')
    expect(modules).not.toContain('structured-headers')
  })

  it('of the proxy-status entry holds the parser and nothing of the main entry', () => {
    expect(graph('proxy-status.ts')).toEqual(['proxy-status.ts', 'structured-headers'])
  })

  it('runs no code on import but literals', () => {
    for (const file of graph('index.ts').filter((name) => name.endsWith('.ts'))) {
      const source = readFileSync(new URL(file, src), 'utf8')
      expect(source).not.toMatch(/^(?:export )?(?:const|let) [^=]+= (?!\[|\{)/m)
      expect(source).not.toMatch(/^[\w.]+\(/m)
    }
  })
})
