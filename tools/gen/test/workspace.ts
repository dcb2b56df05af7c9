import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, withFolder } from '../buf.ts'
import { generate } from '../generate.ts'
import type { Model } from '../model.ts'
import type { Files } from '../output.ts'
import { readModel } from '../read-model.ts'
import { checkRules } from '../rules.ts'

export const projectRoot = resolve(import.meta.dirname, '../../..')

/** A small project of its own: the fixture's protos with our options, in a temporary folder. */
export class Workspace {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  static async create(): Promise<Workspace> {
    const root = await mkdtemp(join(tmpdir(), 'souk-gen-test-'))
    await cp(join(import.meta.dirname, 'fixture/proto'), join(root, 'proto'), { recursive: true })
    for (const shared of ['options', 'common']) {
      await cp(join(projectRoot, 'proto/souk', shared), join(root, 'proto/souk', shared), { recursive: true })
    }
    for (const file of ['buf.yaml', 'buf.gen.yaml']) await cp(join(projectRoot, file), join(root, file))
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'))
    return new Workspace(root)
  }

  async replace(path: string, before: string | RegExp, after: string): Promise<void> {
    const text = await readFile(join(this.root, path), 'utf8')
    const changed = text.replace(before, after)
    if (changed === text) throw new Error(`${path} does not contain ${before}`)
    await writeFile(join(this.root, path), changed)
  }

  /** Reads the contract and applies the rules. */
  async model(): Promise<Model> {
    const model = await modelOf(this.root)
    checkRules(model)
    return model
  }

  /** All generated text, as `npm run gen` would write it. */
  everything(): Promise<Files> {
    return withFolder(async (folder) => generate(this.root, await build(this.root, folder), folder))
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }
}

export function modelOf(root: string): Promise<Model> {
  return withFolder(async (folder) => readModel(await readFile(await build(root, folder))))
}
