import { spawn } from 'node:child_process'
import { glob, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '@souk/platform/db/embedded'

const root = fileURLToPath(new URL('../', import.meta.url))

/** One level of tests: what belongs to it, and how it runs. Earlier levels are faster and say more precisely what is wrong. */
type Level = { name: string; patterns: string[]; flags: string[]; pick?: (file: string) => boolean }

const isPure = (file: string) =>
  !/\.(l2|l3)\.test\.ts$/.test(file) && !file.includes('/embedded/') && !file.startsWith('tools/gen')

const levels: Level[] = [
  {
    name: 'L1 pure',
    patterns: ['{packages,contexts,apps,tools,bench}/**/test/**/*.test.ts', 'tests/model/*.test.ts'],
    flags: ['--test-isolation=none'],
    pick: isPure,
  },
  {
    name: 'guards',
    patterns: ['tools/gen/test/**/*.test.ts', 'tools/new-context/test/*.l2.test.ts'],
    flags: ['--test-concurrency=2'],
  },
  {
    name: 'embedded database',
    patterns: ['packages/platform/test/embedded/*.test.ts'],
    flags: ['--test-concurrency=1'],
  },
  {
    name: 'L2 one context on PostgreSQL',
    patterns: ['{packages,contexts,apps}/**/test/**/*.l2.test.ts'],
    flags: ['--test-concurrency=2'],
  },
  {
    name: 'L3 journeys',
    patterns: ['tests/{journeys,security,plans}/**/*.test.ts'],
    flags: ['--test-concurrency=2'],
  },
  // Alone: they measure how the machine is shared, and take processes away from each other.
  { name: 'L3 faults', patterns: ['tests/faults/**/*.test.ts'], flags: ['--test-concurrency=1'] },
  { name: 'browser', patterns: ['tests/browser/**/*.test.ts'], flags: ['--test-concurrency=2'] },
]

const filesOf = async ({ patterns, pick = () => true }: Level): Promise<string[]> => {
  const files: string[] = []
  for await (const file of glob(patterns, { cwd: root, exclude: (name) => name.includes('node_modules') }))
    if (pick(file)) files.push(file)
  return files.sort()
}

const runLevel = async (level: Level, env: NodeJS.ProcessEnv): Promise<boolean> => {
  const files = await filesOf(level)
  if (files.length === 0) return true
  process.stdout.write(`\n== ${level.name}: ${files.length} files\n`)
  const args = ['--test', '--test-reporter=spec', '--test-timeout=600000', ...level.flags, ...files]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('exit', (code) => resolve(code === 0))
  })
}

/** `npm test`: every level on one database server of the run's own; `npm test -- L2` runs the levels that begin so. */
const wanted = process.argv.slice(2)
const dataDir = await mkdtemp(join(tmpdir(), 'souk-tests-'))
const server = await startEmbedded({ dataDir, maxConnections: 300 })
const failed: string[] = []
try {
  for (const level of levels) {
    if (wanted.length > 0 && !wanted.some((word) => level.name.startsWith(word))) continue
    if (!(await runLevel(level, { ...process.env, SOUK_TEST_DATABASE_URL: server.url }))) failed.push(level.name)
  }
} finally {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
}
process.stdout.write(failed.length === 0 ? '\nall levels passed\n' : `\nfailed: ${failed.join(', ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
