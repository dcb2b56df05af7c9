import type { StockService } from '@souk/contract/inventory'
import type { Clock } from '@souk/kernel'
import type { Call, Db, Keys, Log, Metrics } from '@souk/platform'
import type { MediaStore } from './adapters/disk-media.ts'
import type { Encoder } from './adapters/encode-picture.ts'
import type { FetchPicture } from './adapters/fetch-picture.ts'
import type { CsvReader } from './adapters/read-csv.ts'

/** The one thing catalog asks of inventory. */
export type InventoryStock = Pick<StockService<Call>, 'receiveStock'>

export type Settings = {
  /** The one currency prices are in. */
  currency: string
  /** Folder of the running system; pictures and import files live below it. */
  dataDir: string
  publicUrl: string | undefined
}

/** What the verbs of this context are wired to; each takes the part it needs. */
export type Deps = {
  db: Db
  clock: Clock
  keys: Keys
  config: Settings
  log: Log
  metrics: Metrics
  failpoint: (name: string) => Promise<void>
  inventory: InventoryStock
  /** Sanitises HTML; the sanitiser is loaded at its first use. */
  cleaner: () => Promise<(html: string) => string>
  pictures: MediaStore
  encoder: Encoder
  csv: CsvReader
  fetchPicture: FetchPicture
}
