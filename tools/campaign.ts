import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const report = new URL('../docs/campaign.md', import.meta.url)

type Step = {
  name: string
  what: string
  command: string
  args: string[]
  env?: Record<string, string>
  /** What was counted, in words, from what the step printed. */
  count: (output: string) => string
}

const passed = (output: string): string => {
  const of = (word: string) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  const skipped = of('skipped')
  return `${of('pass')} of ${of('tests') - skipped} tests${skipped > 0 ? `, ${skipped} cannot run here` : ''}`
}

/** From the table of mutants: killed, timed out, survived, never run. */
const noticed = (output: string): string => {
  const columns = /^All files(?:[\s|]+[\d.]+){2}[\s|]+(\d+)[\s|]+(\d+)[\s|]+(\d+)[\s|]+(\d+)/m.exec(output)
  const [killed = 0, late = 0, survived = 0, unseen = 0] = columns?.slice(1).map(Number) ?? []
  return `${killed + late} of ${killed + late + survived + unseen} noticed`
}

const wide = { SOUK_CAMPAIGN: '1' }

const suite = (name: string, what: string, file: string, env: Record<string, string> = wide): Step => ({
  name,
  what,
  command: process.execPath,
  args: ['--test', '--test-reporter=spec', '--test-concurrency=1', file],
  env,
  count: passed,
})

const modelSeeds = 10
const modelRuns = 10_000
const shapes = ['start', 'start-services']
const killSeeds = 5

/** The last line, which sums up. */
const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? ''

const script = (name: string, what: string, file: string, ...args: string[]): Step => ({
  name,
  what,
  command: process.execPath,
  args: [file, ...args],
  count: lastLine,
})

/** What is too long for `npm test`, in the order in which it runs. A further step is a further entry. */
const steps: readonly Step[] = [
  ...Array.from({ length: modelSeeds }, (_, n) =>
    suite(
      `model-${n + 1}`,
      `order, inventory and payment under random schedules and faults, ${modelRuns} runs of seed ${n + 1}`,
      'tests/model/model.test.ts',
      { SOUK_MODEL_SEED: String(n + 1), SOUK_MODEL_RUNS: String(modelRuns) },
    ),
  ),
  suite(
    'crash',
    'processes, PostgreSQL and connections end under load, 20x, both shapes',
    'tests/faults/crash.test.ts',
  ),
  suite('disk', 'the disk is full, then also for the log of PostgreSQL', 'tests/faults/disk.test.ts'),
  suite(
    'money',
    'faults of the channel x deadlines x cancels, 1,000 payments at the deadline',
    'tests/faults/money.test.ts',
  ),
  suite('refunds', '100 rounds of 20 parallel part refunds for each fault', 'tests/faults/refunds.test.ts'),
  suite('callbacks', 'forged, repeated, stale and unknown callbacks', 'tests/faults/callbacks.test.ts'),
  suite('peers', 'known failures of comparable systems, 100 rounds', 'tests/faults/peers.test.ts'),
  suite('oversell', '2,000 wishes for 100 pieces, inventory killed 5x', 'tests/faults/oversell.test.ts'),
  suite('overload', 'three times what it can do; one slow part; a part that fails', 'tests/faults/overload.test.ts'),
  suite('rolling', 'every process of 18 restarted in turn under load, 3x', 'tests/faults/rolling.test.ts'),
  {
    name: 'fuzz',
    what: 'requests made from the OpenAPI document, 20,000 cases',
    command: process.execPath,
    args: ['tests/contract/fuzz.ts', '20000'],
    count: (output) => /^.*(\d[\d,]* generated).*$/m.exec(output)?.[0].trim() ?? '',
  },
  {
    name: 'mutate',
    what: 'money, stock, states and access broken on purpose, one change at a time',
    command: 'npm',
    args: ['run', 'mutate'],
    count: noticed,
  },
  ...shapes.flatMap((shape) =>
    Array.from({ length: killSeeds }, (_, n) =>
      suite(
        `kill-${shape}-${n + 1}`,
        `${shape}: killed at every failpoint, seed ${n + 1}`,
        'tests/faults/kill-points.test.ts',
        { ...wide, SOUK_TEST_SHAPE: shape, SOUK_SEED: String(n + 1) },
      ),
    ),
  ),
  script(
    'soak',
    'everyday work at a third of capacity for 30 minutes: nothing grows, nothing fails',
    'bench/soak.ts',
    '30',
  ),
  script('bench', 'every figure that is to be reached, one process', 'bench/main.ts'),
  script(
    'bench-services',
    'the same figures of the services, order with 1, 2 and 4 replicas',
    'bench/main.ts',
    'services',
  ),
]

type Row = { name: string; what: string; count: string; result: string; figures: string[] }

const run = ({ name, what, command, args, env, count }: Step): Promise<Row> =>
  new Promise((resolve) => {
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk
      process.stdout.write(chunk)
    }
    process.stdout.write(`\n== ${name}: ${what}\n`)
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('exit', (code) => {
      const figures = [...output.matchAll(/^\s*figure: (.*)$/gm)].map(([, words]) => words!)
      resolve({ name, what, count: count(output), result: code === 0 ? 'passed' : '**failed**', figures })
    })
  })

/** What the report says of steps that do not run now. */
const readRows = async (): Promise<Map<string, Row>> => {
  const text = await readFile(report, 'utf8').catch(() => '')
  const rows = [...text.matchAll(/^\| ([\w-]+) \| (.*) \| (.*) \| (.*) \|$/gm)].map(
    ([, name, what, count, result]): Row => ({
      name: name!,
      what: what!,
      count: count!,
      result: result!,
      figures: [...text.matchAll(new RegExp(`^- ${name}: (.*)$`, 'gm'))].map(([, words]) => words!),
    }),
  )
  return new Map(rows.map((row) => [row.name, row]))
}

const reportOf = (rows: readonly Row[]): string => `# The campaign

\`npm run campaign\` runs what is too long for \`npm test\`; \`npm run campaign -- crash disk\` only these steps. It writes this page.

| step | what | count | result |
|---|---|---|---|
${rows.map(({ name, what, count, result }) => `| ${name} | ${what} | ${count} | ${result} |`).join('\n')}

Figures are of the machine that it ran on and of whatever else ran there; only ratios within one run are asserted.

${rows.flatMap(({ name, figures }) => figures.map((words) => `- ${name}: ${words}`)).join('\n')}
`

const wanted = process.argv.slice(2)
const unknown = wanted.filter((word) => !steps.some(({ name }) => name === word))
if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}
const chosen = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
for (const step of chosen) {
  const row = await run(step)
  if (row.result !== 'passed') process.exitCode = 1
  // After each, so that a campaign that is cut short has said what it knew.
  const rows = (await readRows()).set(row.name, row)
  await writeFile(report, reportOf(steps.flatMap(({ name }) => rows.get(name) ?? [])))
}
