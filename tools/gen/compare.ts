import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { contractSource, type Files } from './output.ts'

/** Names every committed file that is not what the contract gives: edited, missing or left over. */
export async function differences(root: string, files: Files): Promise<string[]> {
  const found: string[] = []
  for (const [path, text] of files) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (committed === undefined) found.push(`${path} is missing`)
    else if (committed !== text) found.push(`${path} differs`)
  }
  for (const path of await generatedPaths(root)) if (!files.has(path)) found.push(`${path} is left over`)
  return found.sort()
}

/** Writes what changed and removes what is left over, so that an unchanged file keeps its time. */
export async function write(root: string, files: Files): Promise<void> {
  for (const [path, text] of files) {
    const target = join(root, path)
    if ((await readFile(target, 'utf8').catch(() => undefined)) === text) continue
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
  }
  for (const path of await generatedPaths(root)) if (!files.has(path)) await rm(join(root, path))
}

async function generatedPaths(root: string): Promise<string[]> {
  const entries = await readdir(join(root, contractSource), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
}
