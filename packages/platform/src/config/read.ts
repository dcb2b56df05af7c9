import type { ConfigOf, ConfigSpec } from './spec.ts'

/** Everything wrong with the configuration, said at once. */
export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(`The configuration is not usable:\n${problems.map((line) => `  - ${line}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const variableOf = (problem: string): string | undefined => /^\w+/.exec(problem)?.[0]

/**
 * Reads one spec; problems are collected, not thrown, so that several specs can be reported together: one problem for
 * each variable, however many read it.
 */
export const readSpec = <Spec extends ConfigSpec>(
  spec: Spec,
  env: Record<string, string | undefined>,
  problems: string[],
) => {
  const values: Record<string, unknown> = {}
  const complain = (variable: string, problem: string) => {
    if (!problems.some((one) => variableOf(one) === variable)) problems.push(problem)
  }
  for (const [name, setting] of Object.entries(spec)) {
    const given = env[setting.env]
    const text = given === undefined || given === '' ? setting.fallback : given
    if (text === undefined) complain(setting.env, `${setting.env} is missing (${setting.about})`)
    else
      try {
        values[name] = setting.parse(text)
      } catch (error) {
        const shown = setting.secret ? '***' : JSON.stringify(text)
        complain(
          setting.env,
          `${setting.env}=${shown}: ${error instanceof Error ? error.message : String(error)} (${setting.about})`,
        )
      }
  }
  return values as ConfigOf<Spec>
}

/** Reads one spec or throws `ConfigError` with all its problems. */
export const readConfig = <Spec extends ConfigSpec>(
  spec: Spec,
  env: Record<string, string | undefined>,
): ConfigOf<Spec> => {
  const problems: string[] = []
  const config = readSpec(spec, env, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}
