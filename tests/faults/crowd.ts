import { pause, shuffled } from './random.ts'
import { registerPatiently, type Shop } from './shop.ts'
import { chores, stories } from './stories.ts'

/** Those who come over so many milliseconds. */
const comeWithinMs = 1500

const tried = async (says: string, work: () => Promise<void>, failures: string[]): Promise<void> => {
  try {
    await work()
  } catch (error) {
    failures.push(`${says}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** One round of everybody at once, in an order that the seed gives. Answers what did not come to its end. */
export const crowd = async (shop: Shop, random: () => number): Promise<string[]> => {
  const failures: string[] = []
  const buyers = shuffled(stories, random).map(([says, story], n) => ({ says, story, n, waits: random() }))
  await Promise.all([
    ...buyers.map(async ({ says, story, n, waits }) => {
      await pause(waits * comeWithinMs)
      const skuId = shop.skuIds[n % shop.skuIds.length]!
      await tried(says, async () => story(shop, await registerPatiently(shop), skuId), failures)
    }),
    ...chores.map(([says, chore]) => tried(says, () => chore(shop), failures)),
  ])
  return failures
}
