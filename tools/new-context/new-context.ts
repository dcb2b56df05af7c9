import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

/** Path from the root of the repository → text. */
export type Files = Map<string, string>

/** Why there will be no such context; the message is for the person who typed. */
export class Refusal extends Error {}

const template = join(import.meta.dirname, 'template')

/** The name becomes a package, a schema, a role, a proto package and an identifier: one lower-case word fits all. */
export const parseName = (typed: string | undefined): string => {
  if (typed === undefined || !/^[a-z]{2,30}$/.test(typed))
    throw new Refusal(`"${typed ?? ''}" is not a name: one lower-case English word, such as gift`)
  try {
    new Script(`'use strict'; let ${typed}`)
  } catch {
    throw new Refusal(`"${typed}" is a word of the language`)
  }
  return typed
}

const filled = (text: string, name: string): string => {
  const words: Record<string, string> = {
    name,
    Name: name[0]!.toUpperCase() + name.slice(1),
    names: name.endsWith('s') ? name : `${name}s`,
  }
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => words[word] ?? _)
}

/** Everything of the template under the name; the endings `.txt` keep it away from compilers and guards. */
export const contextFiles = async (name: string): Promise<Files> => {
  const paths = (await readdir(template, { recursive: true })).filter((path) => path.endsWith('.txt')).sort()
  const places = { proto: `proto/souk/${name}/v1`, context: `contexts/${name}` } as Record<string, string>
  return new Map(
    await Promise.all(
      paths.map(async (path) => {
        const [top = '', ...rest] = path
          .replace(/\.txt$/, '')
          .replaceAll('NAME', name)
          .split(/[\\/]/)
        const text = filled(await readFile(join(template, path), 'utf8'), name)
        return [[places[top], ...rest].join('/'), text] as const
      }),
    ),
  )
}

const importLine = /^import .*? from '([^']+)'$/gm

/** `contexts.ts` with one import, in its sorted place, and one more entry at the end of the list. */
export const listed = (source: string, name: string): string => {
  const imports = [...source.matchAll(importLine)]
  const next = imports.find(([, module]) => module! > `@souk/${name}`)?.index
  const list = /\n\] as unknown as readonly AnyContext\[\]/
  if (next === undefined || !list.test(source)) throw new Refusal('apps/server/src/contexts.ts has another shape')
  return `${source.slice(0, next)}import { ${name} } from '@souk/${name}'\n${source.slice(next)}`.replace(
    list,
    (end) => `\n  ${name},${end}`,
  )
}

/** The package file with one dependency more. */
export const depending = (source: string, name: string): string => {
  const file = JSON.parse(source) as { dependencies: Record<string, string> }
  file.dependencies[`@souk/${name}`] = '*'
  return `${JSON.stringify(file, null, 2)}\n`
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Makes the context in the repository at `root` and answers the paths it wrote; refuses before it writes anything. */
export const createContext = async (root: string, typed: string | undefined): Promise<string[]> => {
  const name = parseName(typed)
  for (const folder of ['contexts', 'packages', 'apps', 'proto/souk'])
    if (await exists(join(root, folder, name))) throw new Refusal(`${folder}/${name} exists`)
  const files = await contextFiles(name)
  for (const [path, change] of [
    ['apps/server/src/contexts.ts', listed],
    ['apps/server/package.json', depending],
  ] as const)
    files.set(path, change(await readFile(join(root, path), 'utf8'), name))
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return [...files.keys()]
}
