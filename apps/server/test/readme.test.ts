import { deepEqual, equal, ok } from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createProgram } from '../src/cli/cli.ts'
import { parseReplicas } from '../src/cli/services.ts'
import { contexts } from '../src/contexts.ts'
import { serverSettings } from '../src/settings.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')
const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

const section = (title: string): string => {
  const text = readme.split(/^## /m).find((part) => part.startsWith(`${title}\n`))
  ok(text, `the README has no section "${title}"`)
  return text
}
/** Cells of a section's table, without its head. */
const rows = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
const coded = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)

const settings = [serverSettings, ...contexts.map(({ config }) => config)].flatMap((spec) => Object.values(spec))
const known = new Set(settings.map(({ env }) => env))
/** Read per context, not by a spec. */
const perContext = ['<CONTEXT>_DATABASE_URL', '<CONTEXT>_TARGET']

describe('settings of the README', () => {
  const documented = rows('Settings').map(([variables = '', fallbacks = '']) => ({
    variables: coded(variables),
    fallbacks: fallbacks.split(' · ').filter((word) => word !== ''),
  }))

  test('are those of the configuration, all of them, each once', () =>
    deepEqual(documented.flatMap(({ variables }) => variables).sort(), [...known, ...perContext].sort()))

  test('have the defaults of the configuration', () => {
    for (const { variables, fallbacks } of documented) {
      // Words such as "generated" and addresses with a placeholder say how a default is made.
      if (fallbacks.length !== variables.length) continue
      variables.forEach((variable, place) => {
        const word = fallbacks[place]!
        const setting = settings.find(({ env }) => env === variable)
        if (/^generated|<port>/.test(word)) return
        equal(setting?.fallback, word.replaceAll('`', ''), variable)
      })
    }
  })

  test('show a default where there is one', () => {
    const silent = documented
      .filter(({ fallbacks }) => fallbacks.length === 0)
      .flatMap(({ variables }) => variables)
      .filter((variable) => settings.find(({ env }) => env === variable)?.fallback)
    deepEqual(silent, ['SOUK_GRPC_BIND'])
  })
})

describe('commands of the README', () => {
  test('npm scripts exist', () => {
    const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!)
    ok(blocks.length > 0)
    const named = [...blocks, ...coded(readme)].flatMap((text) => [
      ...[...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!),
      ...[...text.matchAll(/npm (start|test)\b/g)].map(([, name]) => name!),
    ])
    ok(named.length > 2)
    for (const name of named) ok(scripts[name], `npm run ${name}`)
  })

  test('the verbs are those of the command, with options that it has', () => {
    const commands = createProgram().commands
    const cells = rows('The `souk` command').map(([verbs = '', says = '']) => ({ verbs: coded(verbs), says }))
    const names = cells.flatMap(({ verbs }) => verbs.map((verb) => verb.split(/[ <[]/)[0]!))
    deepEqual(names.sort(), commands.map((command) => command.name()).sort())
    for (const { verbs, says } of cells) {
      const options = [verbs.join(' '), says].join(' ').match(/--[a-z-]+/g) ?? []
      const command = commands.find((one) => one.name() === verbs[0]!.split(/[ <[]/)[0])
      for (const option of options)
        ok(
          command?.options.some(({ long }) => long === option),
          `${verbs[0]} ${option}`,
        )
    }
    const [, replicas = ''] = /--replicas ([^\]]+)\]/.exec(readme) ?? []
    equal(parseReplicas(replicas).size, 2)
  })

  test('the files and folders it points to are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path!)
    const paths = coded(readme).filter((code) => /^(apps|docs|tools|packages)\/[\w./-]+$/.test(code))
    ok(links.length > 2)
    for (const path of [...links, ...paths]) ok(existsSync(join(dirname(join(root, 'README.md')), path)), path)
  })
})
