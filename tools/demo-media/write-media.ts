import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noticeText } from './notice.ts'
import type { MediaPlan, ProductMedia } from './plan-media.ts'
import { type RenderedPicture, renderPicture } from './render-picture.ts'

/** What the server reads beside the pictures; file names are relative to the manifest. */
export type MediaManifest = {
  /** Width and height in pixels. */
  files: Record<string, { width: number; height: number; cutout: boolean }>
  products: Record<string, ProductMedia>
  illustrations: Record<string, string>
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const readSources = async (plan: MediaPlan, packageFolder: string): Promise<Map<string, Buffer>> => {
  const names = [...new Set(plan.pictures.map((picture) => picture.source))]
  const read = async (name: string) => [name, await readFile(join(packageFolder, 'assets', name))] as const
  return new Map(await Promise.all(names.map(read)))
}

const renderAll = async (plan: MediaPlan, sources: Map<string, Buffer>): Promise<Map<string, RenderedPicture>> => {
  const rendered = new Map<string, RenderedPicture>()
  for (const { file, source, colour } of plan.pictures) {
    rendered.set(file, await renderPicture(sources.get(source)!, colour))
  }
  return rendered
}

/**
 * Makes the pictures of `plan` from the extracted picture package and writes `media/`, `categories.json` and
 * `NOTICE.md` into `demoFolder`. The old media folder goes only after every picture was made.
 */
export const writeMedia = async (
  plan: MediaPlan,
  packageFolder: string,
  demoFolder: string,
): Promise<MediaManifest> => {
  const rendered = await renderAll(plan, await readSources(plan, packageFolder))
  const mediaFolder = join(demoFolder, 'media')
  await rm(mediaFolder, { recursive: true, force: true })
  await mkdir(mediaFolder, { recursive: true })
  const manifest: MediaManifest = { files: {}, products: plan.products, illustrations: plan.illustrations }
  for (const [file, { webp, width, height, cutout }] of rendered) {
    await writeFile(join(mediaFolder, file), webp)
    manifest.files[file] = { width, height, cutout }
  }
  await writeFile(join(mediaFolder, 'manifest.json'), json(manifest))
  await writeFile(join(demoFolder, 'categories.json'), json({ departments: plan.departments }))
  await writeFile(join(demoFolder, 'NOTICE.md'), noticeText)
  return manifest
}
