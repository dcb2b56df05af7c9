import { equal, match, notEqual } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFile, cp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { projectRoot, Workspace } from './workspace.ts'

const service = 'proto/souk/shop/v1/service.proto'

let generated: Workspace
before(async () => {
  generated = await Workspace.create()
  equal((await gen(generated)).code, 0)
})
after(() => generated.remove())

/** A copy of the generated project that a test may spoil. */
async function spoilable(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  const workspace = await Workspace.create()
  try {
    for (const made of ['packages', 'docs', 'proto']) {
      await cp(join(generated.root, made), join(workspace.root, made), { recursive: true })
    }
    await use(workspace)
  } finally {
    await workspace.remove()
  }
}

function gen(workspace: Workspace, ...args: string[]): Promise<{ code: number; said: string }> {
  const main = join(projectRoot, 'tools/gen/main.ts')
  return new Promise((resolve) => {
    execFile(process.execPath, [main, '--root', workspace.root, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr })
    })
  })
}

test('what was just generated passes the check, and the check writes nothing', () =>
  spoilable(async (workspace) => {
    const file = join(workspace.root, 'packages/contract/src/methods.ts')
    const before = (await stat(file)).mtimeMs
    const { code, said } = await gen(workspace, '--check')
    equal(said, '')
    equal(code, 0)
    equal((await stat(file)).mtimeMs, before)
  }))

test('the same contract gives the same bytes', async () => {
  const [first, second] = [await generated.everything(), await generated.everything()]
  equal(JSON.stringify([...first]), JSON.stringify([...second]))
})

test('hand-edited files are named', () =>
  spoilable(async (workspace) => {
    const edited = [
      'docs/errors.md',
      'packages/contract/openapi.json',
      'packages/contract/src/gen/souk/shop/v1/types.ts',
      'packages/contract/src/methods.ts',
      'packages/contract/src/schemas.json',
    ]
    for (const path of edited) await appendFile(join(workspace.root, path), '\n')
    const { code, said } = await gen(workspace, '--check')
    equal(code, 1)
    equal(said.split('\n').slice(0, 5).join(), edited.map((path) => `${path} differs`).join())
  }))

test('a missing and a left-over file are named, and generation repairs both', () =>
  spoilable(async (workspace) => {
    await rm(join(workspace.root, 'packages/contract/src/errors.ts'))
    await writeFile(join(workspace.root, 'packages/contract/src/extra.ts'), '')
    const { code, said } = await gen(workspace, '--check')
    equal(code, 1)
    match(said, /^packages\/contract\/src\/errors.ts is missing$/m)
    match(said, /^packages\/contract\/src\/extra.ts is left over$/m)
    equal((await gen(workspace)).code, 0)
    equal((await gen(workspace, '--check')).code, 0)
  }))

test('a breaking change fails the check until it is accepted', () =>
  spoilable(async (workspace) => {
    await workspace.replace(service, /int32 depth = 2 [^;]*;/, '')
    await gen(workspace)
    const { code, said } = await gen(workspace, '--check')
    equal(code, 1)
    match(said, /"depth" .* was deleted/)
    equal((await gen(workspace, '--update-baseline')).code, 0)
    equal((await gen(workspace, '--check')).code, 0)
  }))

test('a check without a baseline fails', () =>
  spoilable(async (workspace) => {
    await rm(join(workspace.root, 'proto/baseline.binpb'))
    const { code, said } = await gen(workspace, '--check')
    equal(code, 1)
    match(said, /baseline.binpb is missing/)
  }))

test('what lint finds fails the check', () =>
  spoilable(async (workspace) => {
    await workspace.replace(service, 'int32 depth = 2', 'int32 how_Deep = 2')
    const { code, said } = await gen(workspace, '--update-baseline')
    equal(code, 0)
    match(said, /how_Deep/)
    equal((await gen(workspace, '--check')).code, 1)
  }))

test('a wrong contract writes nothing', () =>
  spoilable(async (workspace) => {
    const file = join(workspace.root, 'packages/contract/src/methods.ts')
    const before = await readFile(file, 'utf8')
    await workspace.replace(service, 'catalog:write', 'catalog:paint')
    const { code, said } = await gen(workspace)
    notEqual(code, 0)
    match(said, /CreateItem needs the permission/)
    equal(await readFile(file, 'utf8'), before)
  }))

test('a .proto file that does not compile is said as buf says it', () =>
  spoilable(async (workspace) => {
    await workspace.replace(service, 'returns (Item)', 'returns (Thing)')
    const { code, said } = await gen(workspace)
    equal(code, 1)
    match(said, /service.proto:\d+:\d+:.*Thing/)
  }))
