import { writeFileSync } from 'node:fs'
import { corpusText } from './corpus-text.ts'

writeFileSync(new URL('../../src/corpus.json', import.meta.url), corpusText())
