import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** A file of the build in every form that its build left it in. */
export type Asset = { type: string; plain: Buffer; packed: { encoding: string; body: Buffer }[] }

export type Storefront = { template: string; patterns: string[]; assets: ReadonlyMap<string, Asset> }

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** In the order in which they are preferred. */
const encodings = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
]

const isPacked = (file: string): boolean => encodings.some(({ suffix }) => file.endsWith(suffix))

const readAssets = async (folder: string): Promise<Map<string, Asset>> => {
  const files = new Map<string, Buffer>()
  for (const file of await readdir(folder)) files.set(file, await readFile(join(folder, file)))
  return new Map(
    [...files].flatMap(([file, plain]) => {
      if (isPacked(file)) return []
      const packed = encodings.flatMap(({ encoding, suffix }) => {
        const body = files.get(`${file}${suffix}`)
        return body ? [{ encoding, body }] : []
      })
      return [[file, { type: types[extname(file)] ?? 'application/octet-stream', plain, packed }] as const]
    }),
  )
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/**
 * The whole build in memory, a few megabytes: whoever builds anew beside a running process takes nothing from under
 * its pages. Undefined where nothing is built.
 */
export const readStorefront = async (dist: string): Promise<Storefront | undefined> => {
  try {
    const readIndex = () => readFile(join(dist, 'index.html'), 'utf8')
    const template = await readIndex()
    const shell = JSON.parse(await readFile(join(dist, 'shell.json'), 'utf8')) as { pages: { pattern: string }[] }
    const assets = await readAssets(join(dist, 'assets'))
    // Another build took its place meanwhile: its names are not these.
    if ((await readIndex()) !== template) return readStorefront(dist)
    return { template, patterns: shell.pages.map(({ pattern }) => pattern), assets }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
