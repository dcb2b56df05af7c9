import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { type Shape, startSystem } from '../tests/system.ts'
import { bareServer, oneRow, tpcB } from './limits.ts'
import { browse, reserve, write } from './loads.ts'
import { type Bench, say, watchOf } from './measure.ts'
import { type Figure, type Goal, goalOf, listOf, type Row, rowOf, scoreOf, tableOf } from './report.ts'
import { scaleOut } from './scale.ts'
import { stockShop } from './shop.ts'
import { measureStart } from './start.ts'
import { openCounters } from './usage.ts'

const seconds = Number(process.env.SOUK_BENCH_SECONDS ?? 8)
const shape: Shape = process.argv[2] === 'services' ? 'start-services' : 'start'
const alone = shape === 'start'

type Section = { title: string; about?: string; rows?: Row[]; figures?: Figure[] }

const limits = async (url: string, body: string) => {
  const options = { clients: 64, seconds }
  const http = rowOf('bare node:http, the same bytes', await bareServer('http', body, options))
  const fastify = rowOf('bare Fastify, the same bytes', await bareServer('fastify', body, options))
  const tps = await tpcB(url, { clients: 32, seconds })
  const hot = await oneRow(url, { clients: 32, seconds })
  say(`limits: node:http ${http.rate.toFixed(0)}/s, Fastify ${fastify.rate.toFixed(0)}/s`)
  say(`limits: TPC-B-like ${tps.toFixed(0)}/s, one-row updates ${hot.toFixed(0)}/s`)
  const figures = [
    { what: 'TPC-B-like mix, 32 connections', value: `${tps.toFixed(0)} transactions/s` },
    { what: 'one row updated by everybody, 32 connections', value: `${hot.toFixed(0)} transactions/s` },
  ]
  return { rows: [http, fastify], figures, fastify: fastify.rate, tps }
}

/** A token that is good is accepted, whatever the load. */
const credentials = (rows: readonly Row[]): Figure => {
  const sum = (pattern: RegExp) =>
    rows.reduce(
      (all, { answers }) => all + [...answers.matchAll(pattern)].reduce((n, [, count]) => n + Number(count), 0),
      0,
    )
  const [asked, refused] = [sum(/\b\d{3}: (\d+)/g), sum(/\b40[13]: (\d+)/g)]
  const share = (asked - refused) / Math.max(asked, 1)
  return {
    what: 'requests of buyers whose token was accepted',
    value: `${asked - refused} of ${asked}`,
    goal: goalOf('≥ 99.99 %', share >= 0.9999),
  }
}

const memoryOf = (rssMb: number): Figure => ({
  what: 'memory without PostgreSQL after the load',
  value: `${rssMb.toFixed(0)} MB`,
  goal: goalOf('< 600 MB', rssMb < 600),
})

const underLoad = async (): Promise<Section[]> => {
  const system = await startSystem(shape)
  const url = await system.databaseUrl()
  const counters = await openCounters(url)
  try {
    const shop = await stockShop(system)
    const watch = watchOf(system.child.pid!, counters)
    const bench: Bench = { system, shop, watch, seconds }
    const limit = await limits(url, (await shop.admin.get(shop.list.path)).text)
    const browsed = await browse(bench, limit.fastify)
    const written = await write(bench, url, limit.tps)
    const memory = memoryOf((await watch()).usage.rssMb)
    const hot = alone ? await reserve(bench, url) : []
    return [
      { title: 'Limits of this machine, same run', rows: limit.rows, figures: limit.figures },
      { title: 'Browsing', rows: browsed },
      { title: 'Buying', rows: written.rows },
      ...(hot.length > 0 ? [{ title: 'One hot SKU at the port of the inventory', rows: hot }] : []),
      { title: 'Facts, from commit to consumer', figures: written.facts },
      { title: 'After the load', figures: [memory, credentials(written.rows)] },
    ]
  } finally {
    await counters.close()
    await system.remove()
  }
}

/** What is to be reached is of the one process. */
const judged = <T extends { goal?: Goal }>(all: readonly T[] = []): T[] =>
  all.map((one) => (alone ? one : { ...one, goal: undefined }))

const textOf = ({ title, rows, figures }: Section): string =>
  [`## ${title}`, rows && tableOf(judged(rows)), figures && listOf(judged(figures))]
    .filter(Boolean)
    .join('\n\n')
    .replace(/^(## .*)\n\n/, '$1\n')

const load = loadavg()[2]?.toFixed(1)
const { start, rest } = await measureStart(shape, 20)
const sections: Section[] = [
  { title: 'Start and recovery', figures: start },
  { title: 'At rest, with the demo shop', figures: rest },
  ...(await underLoad()),
  ...(alone ? [] : [{ title: 'Scale-out', figures: await scaleOut(seconds) }]),
]
const score = scoreOf(sections.flatMap(({ rows, figures }) => [...judged(rows), ...judged(figures)]))
const name = alone ? 'report.md' : 'report-services.md'
await writeFile(
  new URL(name, import.meta.url),
  `# Benchmark, ${alone ? 'one process' : 'services'}

Written by \`npm run bench${alone ? '' : ' services'}\`. Load generator, system and PostgreSQL (fsync on) share one machine: ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, load average before ${load}. ${seconds} s per row after 1 s that does not count. Compare ratios, not machines. ${alone ? `${score}.` : 'Processor time and memory are sums over all processes; what is to be reached is said of one process only.'}

${sections.map(textOf).join('\n\n')}
`,
)
console.log(alone ? score : `${sections.flatMap(({ rows = [] }) => rows).length} loads`)
