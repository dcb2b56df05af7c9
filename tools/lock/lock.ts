export type Locked = {
  version?: string
  resolved?: string
  integrity?: string
  license?: string
  link?: boolean
  optional?: boolean
  cpu?: string[]
}

/** Free of duties for what we make, by SPDX identifier. */
const permissive = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0']
const waived = ['Unlicense', 'WTFPL', 'CC0-1.0']
/** Duties that end with the file or the library itself: fonts, tables of browsers, a CSS compiler, a picture library. */
const ofTheirOwn = ['OFL-1.1', 'CC-BY-4.0', 'MPL-2.0', 'LGPL-3.0-or-later']
const allowed = new Set([...permissive, ...waived, ...ofTheirOwn])

/** Too old to name their licence where npm looks for it; read in their own files. */
const toldElsewhere: Record<string, string> = { 'cli-table': 'MIT', httpntlm: 'MIT', 'stack-trace': 'MIT' }

/** Tools for other machines, which the registry that wrote the lockfile does not have; the same release is proven for ours. */
const unproven = /^(@biomejs\/cli|@bufbuild\/buf|@tailwindcss\/oxide)-/

/** An SPDX expression: one of its choices is allowed in every part. */
const isAllowed = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence)))

/** From the registry that npm is set to, or a tarball over HTTPS of another one; never a repository, folder or file. */
const fromRegistry = ({ version = '', resolved }: Locked): boolean =>
  /^\d+\.\d+\.\d+/.test(version) && (resolved === undefined || /^https:\/\/[^/]+\/.+\/-\/[^/]+\.tgz$/.test(resolved))

const wrongsWith = (path: string, locked: Locked): string[] => {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const excused = locked.optional === true && locked.cpu !== undefined && unproven.test(name)
  const licence = locked.license ?? toldElsewhere[name]
  return [
    ...(fromRegistry(locked) ? [] : [`${path} comes from ${locked.resolved ?? 'nowhere'}`]),
    ...(excused || locked.integrity?.startsWith('sha512-') ? [] : [`${path} has no integrity`]),
    ...((excused && !licence) || isAllowed(licence ?? '') ? [] : [`${path} has the licence ${licence ?? '(none)'}`]),
  ]
}

/** What is wrong with the packages of a lockfile: where they come from, what proves them, and their licences. */
export const wrongsOf = (packages: Record<string, Locked>): string[] =>
  Object.entries(packages).flatMap(([path, locked]) =>
    path.includes('node_modules/') && !locked.link ? wrongsWith(path, locked) : [],
  )
