import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const app = join(root, 'apps/storefront')

/** Where the built storefront is. */
export const storefrontDist = join(app, 'dist')

const sources = ['apps/storefront', 'packages/ui', 'packages/client', 'packages/contract/src'].map((folder) =>
  join(root, folder),
)
const isSource = (name: string) => !/^(dist|node_modules|test)(\.|$)/.test(name)

/** Newest modification below a folder, milliseconds since the epoch. */
const newest = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { withFileTypes: true })
  const times = await Promise.all(
    entries
      .filter(({ name }) => isSource(name))
      .map((entry) =>
        entry.isDirectory()
          ? newest(join(folder, entry.name))
          : stat(join(folder, entry.name)).then(({ mtimeMs }) => mtimeMs),
      ),
  )
  return Math.max(0, ...times)
}

const runVite = (outDir: string, say: (line: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const vite = join(dirname(createRequire(join(app, 'package.json')).resolve('vite/package.json')), 'bin/vite.js')
    const child = spawn(process.execPath, [vite, 'build', '--outDir', outDir, '--logLevel', 'error'], {
      cwd: app,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let words = ''
    child.stderr.on('data', (chunk) => {
      words = `${words}${chunk}`.slice(-4000)
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) return resolve()
      say(words)
      reject(new Error('the storefront could not be built'))
    })
  })

/** Builds beside and changes places at the end: another process that starts meanwhile finds a whole build or none. */
const build = async (say: (line: string) => void): Promise<void> => {
  const fresh = join(storefrontDist, `../dist.${process.pid}`)
  const old = `${fresh}.old`
  try {
    await runVite(fresh, say)
    if (existsSync(storefrontDist)) await rename(storefrontDist, old)
    await rename(fresh, storefrontDist)
  } finally {
    await Promise.all([fresh, old].map((folder) => rm(folder, { recursive: true, force: true })))
  }
}

/**
 * Builds the storefront when its sources are newer than the built files; a release ships them and has no sources.
 * A shop without pages still serves its API, so a failure is said and not thrown.
 */
export const buildStorefront = async (say: (line: string) => void): Promise<void> => {
  const index = join(storefrontDist, 'index.html')
  if (!existsSync(join(app, 'vite.config.ts'))) return
  const built = existsSync(index) ? (await stat(index)).mtimeMs : 0
  const written = Math.max(...(await Promise.all(sources.map(newest))))
  if (built > written) return
  say('building the storefront …')
  await build(say).catch((error: Error) => say(error.message))
}
