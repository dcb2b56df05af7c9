import { Command } from 'commander'
import { version } from '../process.ts'

/** What went wrong in words an operator can use; the stack for whoever asks for it. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return process.env.SOUK_LOG_LEVEL === 'debug' ? (error.stack ?? error.message) : error.message
}

/** The `souk` command. Each verb loads only what it needs. */
export const createProgram = (): Command => {
  const program = new Command('souk').description('Souk, a commerce platform').version(version)
  program
    .command('start')
    .description('everything in one process, on the embedded database unless DATABASE_URL is given')
    .action(async () => (await import('./start.ts')).start(process.env))
  program
    .command('start-services')
    .description('the gateway and each context as a process of its own on this machine')
    .option('--replicas <list>', 'e.g. order=2,inventory=2', '')
    .action(async ({ replicas }: { replicas: string }) =>
      (await import('./services.ts')).startServices(process.env, replicas),
    )
  program
    .command('serve')
    .description('host some contexts, or "gateway"; the others are found by <CONTEXT>_TARGET')
    .argument('<names...>')
    .action(async (names: string[]) => (await import('./serve.ts')).serve(process.env, names))
  program
    .command('migrate')
    .description('bring the database up to date')
    .action(async () => (await import('./migrate.ts')).migrateCommand(process.env))
  program
    .command('seed')
    .description('fill the catalog with the demo products')
    .action(async () => (await import('./seed.ts')).seedCommand(process.env))
  program
    .command('import')
    .description('import a product CSV (Shopify format)')
    .argument('<file>')
    .option('--url <address>', 'of the running system')
    .option('--token <token>', 'access token or API key; also SOUK_TOKEN')
    .action(async (file: string, options: { url?: string; token?: string }) =>
      (await import('./import.ts')).importCommand(process.env, file, options),
    )
  program
    .command('doctor')
    .description('look at this machine and the configuration and say what is wrong')
    .action(async () => (await import('./doctor.ts')).doctor(process.env))
  program
    .command('check-invariants')
    .description('check every invariant; one JSON line per finding, exit 1 when there is any')
    .option('--at-rest', 'nothing is on its way: look at the last two minutes too', false)
    .action(async (options: { atRest: boolean }) =>
      (await import('./check-invariants.ts')).checkInvariantsCommand(process.env, options),
    )
  return program
}

export const run = async (argv: string[]): Promise<void> => {
  try {
    await createProgram().parseAsync(argv)
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exitCode = 1
    // Something may still hold the event loop after a failed start.
    setTimeout(() => process.exit(), 500).unref()
  }
}
