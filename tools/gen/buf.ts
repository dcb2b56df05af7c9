import { execFile } from 'node:child_process'
import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ContractError } from './model.ts'
import { contractSource, type Files } from './output.ts'

const run = promisify(execFile)
const baseline = 'proto/baseline.binpb'

/** Runs `use` with a temporary folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-gen-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What lint finds, a line each. */
export async function lint(root: string): Promise<string[]> {
  return await linesOf(buf(root, ['lint']))
}

async function linesOf(run: Promise<void>): Promise<string[]> {
  try {
    await run
    return []
  } catch (error) {
    if (error instanceof ContractError) return error.message.split('\n')
    throw error
  }
}

/** Compiles the .proto files of `root` into an image (a descriptor set with comments) and answers its path. */
export async function build(root: string, folder: string): Promise<string> {
  const image = join(folder, 'image.binpb')
  await buf(root, ['build', '-o', image])
  return image
}

/** Whether there is a contract that changes must not break. */
export async function hasBaseline(root: string): Promise<boolean> {
  return await access(join(root, baseline)).then(
    () => true,
    () => false,
  )
}

/** The image that `node tools/gen/main.ts --update-baseline` accepted. */
export async function readBaseline(root: string): Promise<Uint8Array> {
  if (!(await hasBaseline(root))) throw new ContractError(`${baseline} is missing; \`npm run gen\` writes it.`)
  return await readFile(join(root, baseline))
}

/** What stored messages and callers on the wire would not survive, a line each. */
export async function wireChanges(root: string, image: string): Promise<string[]> {
  return await linesOf(buf(root, ['breaking', image, '--against', baseline]))
}

export async function updateBaseline(root: string): Promise<void> {
  await mkdir(dirname(join(root, baseline)), { recursive: true })
  await withFolder(async (folder) => {
    const image = join(folder, 'baseline.binpb')
    await buf(root, ['build', '--exclude-source-info', '-o', image])
    await copyFile(image, join(root, baseline))
  })
}

/** Messages and codecs by ts-proto (options in buf.gen.yaml), without our annotations. */
export async function messageFiles(root: string, image: string, folder: string): Promise<Files> {
  const excluded = ['souk.options.v1', 'google.api'].flatMap((name) => ['--exclude-type', name])
  await buf(root, ['generate', image, '--path', 'souk', ...excluded, '-o', folder])
  const made = join(folder, contractSource, 'gen')
  const paths = (await readdir(made, { recursive: true })).filter((path) => path.endsWith('.ts')).sort()
  const files: Files = new Map()
  for (const path of paths) {
    const text = await readFile(join(made, path), 'utf8')
    files.set(`${contractSource}/gen/${path.replaceAll('\\', '/')}`, withoutNamespaces(path, text))
  }
  return files
}

/** ts-proto adds a namespace of types to each enum; nobody needs it, and it is not erasable syntax everywhere. */
function withoutNamespaces(path: string, text: string): string {
  const rest = text.replace(/^export namespace \w+ \{\n(?: {2}export type .*\n)*\}\n\n/gm, '')
  if (/^export namespace /m.test(rest)) throw new ContractError(`${path} holds a namespace that cannot be erased.`)
  return rest
}

async function buf(root: string, args: string[]): Promise<void> {
  try {
    await run(join(root, 'node_modules/.bin/buf'), args, { cwd: root, maxBuffer: 1 << 26 })
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: unknown }
    const said = `${stdout ?? ''}${stderr ?? ''}`.trim()
    throw new ContractError(said || `buf ${args[0]} failed (${String(code)}).`)
  }
}
