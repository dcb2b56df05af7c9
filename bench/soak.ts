import { souk } from '../tests/command.ts'
import { settled } from '../tests/faults/settle.ts'
import { startSystem } from '../tests/system.ts'
import { closedLoad, type Outcome, openLoad } from './load.ts'
import { portOf, say } from './measure.ts'
import { everyday } from './mix.ts'
import { stockShop } from './shop.ts'
import { type Sample, startSampler } from './soak-samples.ts'
import { growthOf, percentile } from './statistics.ts'

/** `npm run soak -- minutes`: a shop's everyday work, a third of what it can do, and nothing may grow. */
const minutes = Number(process.argv[2] ?? 30)
const sampleSeconds = Math.min(30, (minutes * 60) / 12)
const mostGrowth = 0.1

const failedOf = ({ statuses, broken }: Outcome): number =>
  broken + Object.entries(statuses).reduce((sum, [status, count]) => sum + (Number(status) < 400 ? 0 : count), 0)

const lineOf = (sample: Sample): string => {
  const tables = Object.entries(sample.tables).map(([name, { mb, dead }]) => `${name} ${mb.toFixed(0)} MB ${dead} dead`)
  return `${sample.answers} answers, p99 ${sample.p99.toFixed(0)} ms, RSS ${sample.rssMb.toFixed(0)} MB, heap ${sample.heapMb.toFixed(0)} MB, event lag ${sample.eventLagMs.toFixed(0)} ms, ${sample.busy} connections busy, ${sample.outbox} facts waiting; ${tables.join(', ')}`
}

const problemsOf = (outcome: Outcome, samples: readonly Sample[], findings: string): string[] => {
  const failed = failedOf(outcome)
  const growth = growthOf(samples.map(({ rssMb }) => rssMb))
  say(`${outcome.pieces} pieces of work, ${failed} failed: ${JSON.stringify(outcome.statuses)}`)
  say(`p50 ${percentile(outcome.latencies, 50).toFixed(0)} ms, p99 ${percentile(outcome.latencies, 99).toFixed(0)} ms`)
  say(`RSS grew by ${(growth * 100).toFixed(1)} % from the second third to the last`)
  say(`heap grew by ${(growthOf(samples.map(({ heapMb }) => heapMb)) * 100).toFixed(1)} %`)
  say(`first sample: ${lineOf(samples[0]!)}`)
  say(`last sample: ${lineOf(samples.at(-1)!)}`)
  say(`check-invariants: ${findings || 'nothing found'}`)
  return [
    ...(failed > 0 ? [`${failed} requests failed`] : []),
    ...(growth < mostGrowth ? [] : [`memory grew by ${(growth * 100).toFixed(1)} %`]),
    ...(findings ? ['invariants are broken'] : []),
  ]
}

const soak = async (): Promise<string[]> => {
  const system = await startSystem('start')
  let signingIn: NodeJS.Timeout | undefined
  try {
    const shop = await stockShop(system)
    // Whoever cannot sign in is refused soon afterwards, and that counts.
    signingIn = setInterval(() => shop.signInAgain().catch(() => {}), 240_000)
    const work = everyday(shop)
    const port = portOf(system)
    const most = await closedLoad({ port, clients: 64, seconds: 10, warmUp: 5, work })
    const rate = Math.floor(most.latencies.length / most.seconds / 3)
    say(`${rate} pieces of work a second for ${minutes} minutes, a third of what 64 clients got`)
    const sampler = await startSampler(system, sampleSeconds, (sample) => console.log(lineOf(sample)))
    const load = { port, rate, seconds: minutes * 60, lanes: 256, seen: sampler.seen, work }
    const outcome = await openLoad(load).finally(sampler.stop)
    await settled(system)
    const { code, stdout, stderr } = await souk(['check-invariants', '--at-rest'], system.env)
    return problemsOf(outcome, sampler.samples, code === 0 ? '' : stdout || stderr)
  } finally {
    clearInterval(signingIn)
    await system.remove()
  }
}

const problems = await soak()
console.log(problems.length === 0 ? `${minutes} minutes, nothing failed, nothing grew` : problems.join('; '))
if (problems.length > 0) process.exitCode = 1
