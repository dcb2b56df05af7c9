import { type Options, type Shape, type System, startSystem } from '../system.ts'
import { report } from './report.ts'
import { settled } from './settle.ts'
import { openShop, type Shop } from './shop.ts'
import { assertKept } from './verify.ts'

/** Waits for rest, looks whether every promise was kept, and takes the system away. */
export const closeShop = async (shop: Shop): Promise<void> => {
  const { system } = shop
  try {
    await settled(system)
    await assertKept(shop)
  } catch (error) {
    report(system)
    throw error
  } finally {
    await system.remove()
  }
}

/** A system from its start to its rest: whatever `work` does to it, every promise is kept afterwards. */
export const inShop = async (
  shape: Shape,
  options: Options,
  work: (shop: Shop, system: System) => Promise<void>,
): Promise<void> => {
  const system = await startSystem(shape, options)
  let shop: Shop
  try {
    shop = await openShop(system)
    await work(shop, system)
  } catch (error) {
    report(system)
    await system.remove()
    throw error
  }
  await closeShop(shop)
}
