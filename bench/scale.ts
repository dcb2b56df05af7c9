import { startSystem } from '../tests/system.ts'
import { closedLoad } from './load.ts'
import { portOf, say } from './measure.ts'
import type { Figure } from './report.ts'
import { stockShop } from './shop.ts'

/** Orders a second with one, two and four replicas of `order`, each on a fresh system. */
export const scaleOut = async (seconds: number): Promise<Figure[]> => {
  const figures: Figure[] = []
  let alone: number | undefined
  for (const replicas of [1, 2, 4]) {
    const system = await startSystem('start-services', { args: ['--replicas', `order=${replicas}`] })
    try {
      const { place } = await stockShop(system)
      const outcome = await closedLoad({ port: portOf(system), clients: 256, seconds, warmUp: 3, work: place })
      const rate = (outcome.statuses[201] ?? 0) / outcome.seconds
      alone ??= rate
      const value = `${rate.toFixed(0)} orders/s, ${(rate / alone).toFixed(2)} of one`
      say(`order x ${replicas}: ${value}`)
      figures.push({ what: `order x ${replicas}, 256 clients`, value })
    } finally {
      await system.remove()
    }
  }
  return figures
}
