import { relative } from 'node:path'
import { afterEach } from 'node:test'
import { fileURLToPath } from 'node:url'

/** `SOUK_CAMPAIGN=1`: all points, seeds, shapes and repetitions instead of one of each kind. */
export const campaign = process.env.SOUK_CAMPAIGN === '1'

/** What is random in these suites follows from `SOUK_SEED`. */
export const seed = Number(process.env.SOUK_SEED ?? 1)

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The name as a pattern that matches itself, without anything that a shell would read. */
const asPattern = (name: string): string => name.replace(/[^\p{L}\p{N} ,;:=_-]/gu, '.')

/** One command that runs one test again as it was. */
export const replayOf = (file: string, name: string, env: NodeJS.ProcessEnv = process.env): string =>
  [
    ...['SOUK_CAMPAIGN', 'SOUK_SEED', 'SOUK_TEST_SHAPE'].flatMap((key) => (env[key] ? [`${key}=${env[key]}`] : [])),
    `npx node --test --test-name-pattern='^${asPattern(name)}$' ${relative(root, file)}`,
  ].join(' ')

/** Called in a suite: prints the command that replays a test of it which fails. */
export const sayHowToReplay = (): void =>
  afterEach((context) => {
    if (!('passed' in context) || context.passed) return
    process.stderr.write(`replay: ${replayOf(context.filePath!, context.name)}\n`)
  })

/** A measured figure, for people: nothing is asserted of it. The campaign's report quotes these lines. */
export const figure = (words: string): void => console.log(`figure: ${words}`)
