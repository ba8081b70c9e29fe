import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './repo.ts'

/** A name that users can import, and the file that declares it. */
export interface PublicName {
  readonly name: string
  /** Relative to the root. */
  readonly file: string
  readonly documented: boolean
}

const DECLARATION = /^export (?:declare |abstract |async )*(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm
const DOC_COMMENT = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/

/** The names that a source file exports, followed to where they are declared. */
export function publicNames(file: string): PublicName[] {
  // Notes to the bundler may stand between a declaration and its comment.
  const source = readFileSync(join(root, file), 'utf8').replaceAll(/(?:\/\* @__\w+__ \*\/|\/\/ @__\w+__)\s*/g, '')
  const declared = new Map<string, PublicName>()
  for (const { 1: name = '', index } of source.matchAll(DECLARATION)) {
    // Of overloads the first carries the comment.
    if (!declared.has(name)) declared.set(name, { name, file, documented: DOC_COMMENT.test(source.slice(0, index)) })
  }
  const passedOn = [...source.matchAll(/^export (?:type )?(?:\{([^}]*)\}|\*) from '(\.[^']+)'/gm)].flatMap(
    ([, list, specifier = '']) => {
      const names = publicNames(join(dirname(file), specifier))
      if (list === undefined) return names
      const listed = list.split(',').map((one) =>
        one
          .trim()
          .replace(/^type /, '')
          .replace(/ as .*/, ''),
      )
      return names.filter(({ name }) => listed.includes(name))
    },
  )
  return [...declared.values(), ...passedOn]
}
