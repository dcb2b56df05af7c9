import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const bin = (name: string) => join(root, 'node_modules/.bin', name)

type Step = { name: string; command: string; args: string[] }

const node = (name: string, ...args: string[]): Step => ({ name, command: process.execPath, args })

/** Pure tests: no database, no ports; all in one process. */
const pureTests = async (): Promise<string[]> => {
  const files: string[] = []
  for await (const file of glob('{packages,contexts,apps,tools,bench}/**/test/**/*.test.ts', {
    cwd: root,
    exclude: (name) => name.includes('node_modules'),
  }))
    if (
      !/\.(l2|l3|browser)\.test\.ts$/.test(file) &&
      !file.includes('embedded') &&
      !dirname(file).startsWith('tools/gen')
    )
      files.push(file)
  return files.sort()
}

const run = ({ name, command, args }: Step): Promise<boolean> =>
  new Promise((resolve) => {
    const began = performance.now()
    let output = ''
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('exit', (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`)
      if (code !== 0) process.stdout.write(`${output.slice(-8000)}\n`)
      resolve(code === 0)
    })
  })

const steps: Step[] = [
  { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types of the storefront', command: bin('tsc'), args: ['--noEmit', '-p', 'apps/storefront/tsconfig.json'] },
  { name: 'lint and format', command: bin('biome'), args: ['check', '--error-on-warnings', '.'] },
  node('boundaries', 'tools/boundaries/main.ts'),
  node('generated files', 'tools/gen/main.ts', '--check'),
  node('call graph', 'tools/graph/main.ts', '--check'),
  node('pure tests', '--test', '--test-isolation=none', '--test-reporter=dot', ...(await pureTests())),
]

/** `npm run check`: the sign of health, in under a minute. */
const waiting = steps.values()
const results: boolean[] = []
await Promise.all(
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (const step of waiting) results.push(await run(step))
  }),
)
process.exitCode = results.every(Boolean) ? 0 : 1
