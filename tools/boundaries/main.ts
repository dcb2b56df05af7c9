import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findViolations, placeOf, type Sources } from './boundaries.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const tops = ['packages', 'contexts', 'apps', 'tools', 'tests', 'bench']

/** All TypeScript of the house, by path from its root. */
export const readSources = async (from = root): Promise<Sources> => {
  const sources = new Map<string, string>()
  for (const top of tops) {
    const entries = await readdir(join(from, top), { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = relative(from, join(entry.parentPath, entry.name))
      if (
        !entry.isFile() ||
        !/\.tsx?$/.test(path) ||
        /node_modules|\/dist\/|contract\/src\/gen\//.test(path) ||
        !placeOf(path)
      )
        continue
      sources.set(path, await readFile(join(from, path), 'utf8'))
    }
  }
  return sources
}

/** Files above this many lines hide a second idea (DESIGN section 2). */
const mostLines = 400

if (import.meta.main) {
  const sources = await readSources()
  const long = [...sources].filter(
    ([path, text]) => !path.startsWith('packages/contract/') && text.split('\n').length > mostLines,
  )
  const violations = [
    ...findViolations(sources),
    ...long.map(([file, text]) => ({ file, says: `${text.split('\n').length} lines, at most ${mostLines}` })),
  ]
  for (const { file, says } of violations) process.stdout.write(`${file}: ${says}\n`)
  process.stdout.write(`boundaries: ${sources.size} files, ${violations.length} violations\n`)
  if (violations.length > 0) process.exitCode = 1
}
