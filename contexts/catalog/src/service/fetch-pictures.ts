import { faultOf } from '@souk/kernel'
import type { Timer, Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { withFetched } from '../domain/csv/attach.ts'
import { titleOf } from '../domain/csv/columns.ts'
import { changeBetween } from '../domain/patch.ts'
import { hashInUrl } from '../domain/pictures.ts'
import { arrivedPictures, type ImportPicture, settlePicture, waitingPictures } from '../store/import-pictures.ts'
import { addNotes } from '../store/jobs.ts'
import { findMedia } from '../store/media.ts'
import { findProduct, lockProducts } from '../store/read-product.ts'
import { saveProducts, saveSkus } from '../store/save-product.ts'
import { announce } from './announce.ts'
import { newsOfChange } from './update-product.ts'
import { keepPicture } from './upload-media.ts'

/** Kind of the timer that fetches the pictures of an import, some at a time. */
export const picturesTimer = 'import-pictures'

const atOnce = 8

type Needs = Pick<Deps, 'db' | 'clock' | 'encoder' | 'pictures' | 'fetchPicture'>

/** Puts all pictures of a product that have arrived where the file wants them. */
const attach = async ({ db }: Needs, tx: Tx, productId: string): Promise<void> => {
  const view = await findProduct(db, tx, productId)
  if (!view || view.state === 'ARCHIVED') return
  const arrived = await arrivedPictures(db, tx, productId)
  const media = await findMedia(
    db,
    tx,
    arrived.map(({ hash }) => hash),
  )
  const fetched = arrived.flatMap((one) => {
    const found = media.get(one.hash)
    return found ? [{ ...one, media: found }] : []
  })
  const after = { ...withFetched(view, fetched), version: view.version + 1 }
  const change = changeBetween(view, after)
  if (!change.any) return
  await saveProducts(db, tx, [after])
  await saveSkus(db, tx, [{ product: after, skus: change.skus }])
  await announce(db, tx, newsOfChange(after, change))
}

type Outcome = { hash: string } | { reason: string }

/** Fetches a picture unless an earlier import has brought it; what is wrong with it is told in words for staff. */
const bring = async (deps: Needs, { url, hash }: ImportPicture): Promise<Outcome> => {
  if (hash) return { hash }
  const bytes = await deps.fetchPicture(url).catch((error: Error) => error.message)
  if (typeof bytes === 'string') return { reason: bytes }
  try {
    const kept = await keepPicture(deps)(async () => bytes, undefined)
    return { hash: hashInUrl(kept.url) ?? '' }
  } catch (error) {
    const refusal = faultOf(error)
    if (refusal?.code !== 'PICTURE_REFUSED') throw error
    return { reason: String(refusal.params.reason) }
  }
}

const settle = async (deps: Needs, job: string, picture: ImportPicture): Promise<void> => {
  const { db } = deps
  const outcome = await bring(deps, picture)
  await db.tx(async (tx) => {
    await lockProducts(db, tx, [picture.productId])
    if ('hash' in outcome) {
      await settlePicture(db, tx, picture, outcome.hash)
      return attach(deps, tx, picture.productId)
    }
    await settlePicture(db, tx, picture, undefined)
    const message = `the picture is left out: ${outcome.reason}`
    await addNotes(db, tx, job, 'warning', [{ row: picture.row, field: titleOf('imageSrc'), message }])
  })
}

/** Fetches some of the pictures that an import names and comes back for the rest; a failure is a warning of the job. */
export const fetchPictures =
  (deps: Needs) =>
  async ({ aggregateId: job }: Timer): Promise<void> => {
    const { db, clock } = deps
    const waiting = await waitingPictures(db, db, job, atOnce)
    if (waiting.length === 0) return
    await Promise.all(waiting.map((picture) => settle(deps, job, picture)))
    await db.tx((tx) => tx.schedule({ kind: picturesTimer, aggregateId: job, dueAt: clock.now() }))
  }
