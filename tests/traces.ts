import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tablesHolding } from './database.ts'
import type { System } from './system.ts'

const filesHolding = async (folder: string, texts: readonly string[]): Promise<string[]> => {
  const needles = texts.map((text) => Buffer.from(text))
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    // A running database removes files of its own while we look.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    for (const needle of needles) if (bytes.includes(needle)) found.push(`${path}: ${needle}`)
  }
  return found
}

/** Where anything of a system still holds one of these texts: tables, files of the data folder, what it printed, metrics. */
export const tracesOf = async (system: System, texts: readonly string[]): Promise<string[]> => {
  const everywhere = new Set([system.ops, ...system.members.map(({ ops }) => ops)])
  const metrics = await Promise.all([...everywhere].map(async (ops) => (await fetch(`${ops}/metrics`)).text()))
  const spoken = [
    ['output', system.output()],
    ['metrics', metrics.join('\n')],
  ] as const
  return [
    ...(await tablesHolding(system, texts)),
    ...(await filesHolding(system.dataDir, texts)),
    ...spoken.flatMap(([where, said]) =>
      texts.filter((text) => said.includes(text)).map((text) => `${where}: ${text}`),
    ),
  ]
}
