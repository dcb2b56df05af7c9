import { seedDemo } from '../demo/seed.ts'
import { withSystem } from './system.ts'

/** `souk seed`: the demo catalog into an empty shop, with nothing else running. */
export const seedCommand = (env: NodeJS.ProcessEnv): Promise<void> =>
  withSystem(env, async ({ host, settings }) => {
    const made = await seedDemo(host, { currency: settings.currency, log: (line) => process.stdout.write(`${line}\n`) })
    if (made === 0) process.stdout.write('the catalog is not empty; nothing was added\n')
    await host.settle()
  })
