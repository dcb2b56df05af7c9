import { deepEqual, equal, match } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { after, before, test } from 'node:test'

const project = resolve(import.meta.dirname, '../../..')
const tools = ['boundaries', 'gen', 'graph', 'new-context'].map((name) => `tools/${name}`)
let root: string

/** Only what a context is built from. */
const isSource = (path: string) =>
  !/(^|\/)(node_modules|dist)(\/|$)|^(packages|contexts|apps|tools)\/[^/]+\/(test|demo)$/.test(relative(project, path))

/** All installed packages, and the copy's own workspaces in place of the project's. */
const linkPackages = async (): Promise<void> => {
  const own = join(root, 'node_modules/@souk')
  await mkdir(own, { recursive: true })
  for (const name of await readdir(join(project, 'node_modules')))
    if (name !== '@souk') await symlink(join(project, 'node_modules', name), join(root, 'node_modules', name))
  for (const folder of ['packages', 'contexts', 'apps'])
    for (const name of await readdir(join(root, folder))) await symlink(join(root, folder, name), join(own, name))
}

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'souk-new-context-'))
  for (const path of ['proto', 'packages', 'contexts', 'apps/server', 'docs', ...tools])
    await cp(join(project, path), join(root, path), { recursive: true, filter: isSource })
  for (const file of ['package.json', 'tsconfig.json', 'biome.json', 'buf.yaml', 'buf.gen.yaml'])
    await cp(join(project, file), join(root, file))
  await linkPackages()
})
after(() => rm(root, { recursive: true, force: true }))

const run = (command: string, args: string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((done, fail) => {
    // The test runner marks its children; a runner started by one of them would otherwise report to it and exit 0.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', fail).once('close', (code) => done({ code, output }))
  })

const green = async (command: string, ...args: string[]): Promise<string> => {
  const { code, output } = await run(command, args)
  equal(code, 0, `${args.join(' ')}\n${output}`)
  return output
}

const node = (...args: string[]) => green(process.execPath, ...args)
const bin = (name: string, ...args: string[]) => green(join(root, 'node_modules/.bin', name), ...args)

test('a new context builds, keeps every rule of the house and passes its tests', async () => {
  const said = await node('tools/new-context/main.ts', 'gift')
  match(said, /contexts\/gift\/src\/index\.ts/)
  match(said, /npm run gen/)
  // What `npm install` does.
  await symlink(join(root, 'contexts/gift'), join(root, 'node_modules/@souk/gift'))
  equal(await node('tools/gen/main.ts'), '')
  equal(await node('tools/gen/main.ts', '--check'), '')
  await node('tools/graph/main.ts')
  const hosted = "import { contexts } from '@souk/server'; console.log(contexts.map(({ name }) => name).at(-1))"
  equal(await node('--input-type=module', '-e', hosted), 'gift\n')
  await bin('tsc', '--noEmit', '-p', 'tsconfig.json')
  await bin(
    'biome',
    'check',
    '--error-on-warnings',
    '--vcs-enabled=false',
    'contexts/gift',
    'apps/server/src/contexts.ts',
  )
  match(await node('tools/boundaries/main.ts'), / 0 violations/)
  const tests = (await readdir(join(root, 'contexts/gift/test'))).map((file) => `contexts/gift/test/${file}`)
  match(await node('--test', '--test-reporter=spec', ...tests), /pass 5\n[\s\S]*fail 0\n/)
})

test('a name that is taken or is none is refused and changes nothing', async () => {
  const before = await readFile(join(root, 'apps/server/src/contexts.ts'), 'utf8')
  for (const [name, why] of [
    ['order', /contexts\/order exists/],
    ['kernel', /packages\/kernel exists/],
    ['Gift-Card', /is not a name/],
  ] as const) {
    const { code, output } = await run(process.execPath, ['tools/new-context/main.ts', name])
    deepEqual([name, code], [name, 1])
    match(output, why)
  }
  equal(await readFile(join(root, 'apps/server/src/contexts.ts'), 'utf8'), before)
})
