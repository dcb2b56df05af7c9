import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Names that are made of parts: what the part may be. A new one must be said here, or the list cannot be made. */
const parts: Record<string, readonly string[]> = {
  'inventory.${name}.beforeCommit': ['commitOrder', 'releaseOrder', 'answerHold', 'ship'],
  'inventory.${verb}.beforeCommit': ['commit', 'release'],
}

const call = /\bfailpoint\(\s*(['`])([^'`]+)\1\s*\)/g

const namesIn = (file: string, source: string): string[] => {
  // A name that is handed in some other way would be a point that nobody ever tests.
  const calls = [...source.matchAll(/\bfailpoint\(/g)].length
  const named = [...source.matchAll(call)].map((match) => match[2]!)
  if (calls !== named.length) throw new Error(`${file}: a failpoint without a literal name`)
  return named.flatMap((name) => {
    if (!name.includes('$')) return [name]
    const values = parts[name]
    if (!values) throw new Error(`${file}: nobody says which names ${name} stands for`)
    return values.map((value) => name.replace(/\$\{\w+\}/, value))
  })
}

/** Every failpoint of the contexts, by the names in their sources, sorted. Throws when there is none. */
export const listPoints = async (patterns = ['contexts/*/src/**/*.ts'], from = root): Promise<string[]> => {
  const names = new Set<string>()
  for await (const file of glob(patterns, { cwd: from }))
    for (const name of namesIn(file, await readFile(`${from}/${file}`, 'utf8'))) names.add(name)
  if (names.size === 0) throw new Error('no failpoints were found')
  return [...names].sort()
}

export type Kind = 'before commit' | 'after commit' | 'after an outside step'

/** Where in its verb a point lies: RELIABILITY section 3 calls them b, a and p. */
export const kindOf = (point: string): Kind => {
  if (point.endsWith('.beforeCommit')) return 'before commit'
  return point.endsWith('.afterCommit') ? 'after commit' : 'after an outside step'
}
