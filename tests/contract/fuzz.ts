import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { methods } from '@souk/contract/methods'
import { startSystem } from '../system.ts'

const here = fileURLToPath(new URL('./', import.meta.url))
const python = process.platform === 'win32' ? 'python' : 'python3'

const run = (command: string, args: string[]): void => {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}`)
}

/** Schemathesis in a virtual environment of its own, made once for each list of versions. */
const install = async (): Promise<string> => {
  const requirements = join(here, 'requirements.txt')
  const version = /^schemathesis==(.+)$/m.exec(await readFile(requirements, 'utf8'))![1]!
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'souk', `schemathesis-${version}`)
  const bin = (root: string) => join(root, process.platform === 'win32' ? 'Scripts' : 'bin', 'python')
  if (existsSync(bin(folder))) return bin(folder)
  const unfinished = `${folder}.${process.pid}`
  await mkdir(unfinished, { recursive: true })
  try {
    run(python, ['-m', 'venv', unfinished])
    run(bin(unfinished), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements])
    await rename(unfinished, folder)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
  return bin(folder)
}

/**
 * `npm run fuzz -- [cases] [seed]`: requests made from the served OpenAPI document, good and bad, against one process on
 * an empty data folder. Fails on a server error, on an answer that the document does not describe, on bad data taken and
 * on good data refused.
 */
const [cases = '2000', seed = '1'] = process.argv.slice(2)

if (spawnSync(python, ['-m', 'venv', '--help']).status !== 0) {
  process.stdout.write('no Python with venv: the contract is not fuzzed\n')
} else {
  const interpreter = await install()
  const system = await startSystem('start')
  try {
    process.exitCode = await fuzz(interpreter, system)
    if (/unexpected error|answer breaks the contract/.test(system.output())) {
      process.stdout.write(`the system complained:\n${system.output().slice(-4000)}\n`)
      process.exitCode = 1
    }
  } finally {
    await system.remove()
  }
}

async function fuzz(interpreter: string, { base, admin, dataDir }: Awaited<ReturnType<typeof startSystem>>) {
  const routes = methods.reduce((sum, { http, aliases }) => sum + (http ? 1 + aliases.length : 0), 0)
  const args = ['-m', 'schemathesis.cli', '--config-file', join(here, 'schemathesis.toml')]
  const options = ['--seed', seed, '--max-examples', String(Math.ceil(Number(cases) / routes)), '--continue-on-failure']
  const child = spawn(interpreter, [...args, 'run', `${base}/openapi.json`, ...options, '--no-color'], {
    // It keeps notes where it runs.
    cwd: dataDir,
    env: {
      ...process.env,
      PYTHONPATH: here,
      PYTHONDONTWRITEBYTECODE: '1',
      SOUK_URL: base,
      SOUK_ADMIN_EMAIL: admin.email,
      SOUK_ADMIN_PASSWORD: admin.password,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
    process.stdout.write(chunk)
  })
  const code = await new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
  const made = Number(/^\s*(\d+) generated/m.exec(said)?.[1] ?? 0)
  if (made >= Number(cases)) return code
  process.stdout.write(`only ${made} cases of ${cases} were made\n`)
  return 1
}
