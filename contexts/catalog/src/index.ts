import { join } from 'node:path'
import { createKeys, defineContext, flag, optionalText, pattern, systemCall, text } from '@souk/platform'
import { diskMedia } from './adapters/disk-media.ts'
import { createEncoder } from './adapters/encode-picture.ts'
import { createFetchPicture, fetchNothing } from './adapters/fetch-picture.ts'
import { readCsv } from './adapters/read-csv.ts'
import { loadCleaner } from './adapters/sanitise-html.ts'
import type { Deps } from './deps.ts'
import { onFacts } from './events.ts'
import { archiveProduct } from './service/archive-product.ts'
import { createCategory } from './service/create-category.ts'
import { createProduct } from './service/create-product.ts'
import { exportProducts } from './service/export-products.ts'
import { fetchPictures, picturesTimer } from './service/fetch-pictures.ts'
import { finishProducts, finishTimer } from './service/finish-products.ts'
import { getJob } from './service/get-job.ts'
import { getMedia } from './service/get-media.ts'
import { getProduct } from './service/get-product.ts'
import { getProductForStaff } from './service/get-product-for-staff.ts'
import { importProducts, importTimer } from './service/import-products.ts'
import { listAllProducts } from './service/list-all-products.ts'
import { listCategories } from './service/list-categories.ts'
import { listProducts } from './service/list-products.ts'
import { placeMedia } from './service/place-media.ts'
import { publishProduct } from './service/publish-product.ts'
import { quoteSkus } from './service/quote-skus.ts'
import { reshelve, reshelveTimer } from './service/reshelve.ts'
import { runImport } from './service/run-import.ts'
import { unpublishProduct } from './service/unpublish-product.ts'
import { updateCategory } from './service/update-category.ts'
import { updateProduct } from './service/update-product.ts'
import { uploadMedia } from './service/upload-media.ts'

/** Products, SKUs, prices, categories, pictures: what can be bought and how it is shown. */
export const catalog = defineContext({
  name: 'catalog',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['catalog.CatalogService', 'catalog.CatalogAdminService', 'catalog.CatalogPriceService'],
  needs: ['inventory.StockService'],
  hears: ['inventory.AvailabilityChanged'],
  config: {
    currency: pattern('SOUK_CURRENCY', {
      fallback: 'CNY',
      about: 'currency of all prices, ISO 4217',
      matches: /^[A-Z]{3}$/,
    }),
    dataDir: text('SOUK_DATA_DIR', {
      fallback: '.souk',
      about: 'folder of the embedded database, media, import files and uploads',
    }),
    importPictures: flag('SOUK_IMPORT_PICTURES', {
      fallback: 'on',
      about: 'fetch the pictures that product files name from the internet',
    }),
    publicUrl: optionalText('SOUK_PUBLIC_URL', { about: 'address of the shop as buyers see it' }),
  },
  build: (kit) => {
    let cleaner: ReturnType<typeof loadCleaner> | undefined
    const deps: Deps = {
      ...kit,
      keys: createKeys(kit.db),
      inventory: kit.clients['inventory.StockService'],
      cleaner: () => (cleaner ??= loadCleaner()),
      pictures: diskMedia(join(kit.config.dataDir, 'media')),
      encoder: createEncoder(),
      csv: readCsv,
      fetchPicture: kit.config.importPictures ? createFetchPicture() : fetchNothing,
    }
    return {
      services: {
        'catalog.CatalogService': {
          listProducts: listProducts(deps),
          getProduct: getProduct(deps),
          listCategories: listCategories(deps),
          getMedia: getMedia(deps),
        },
        'catalog.CatalogAdminService': {
          listAllProducts: listAllProducts(deps),
          getProductForStaff: getProductForStaff(deps),
          createProduct: createProduct(deps),
          updateProduct: updateProduct(deps),
          publishProduct: publishProduct(deps),
          unpublishProduct: unpublishProduct(deps),
          archiveProduct: archiveProduct(deps),
          createCategory: createCategory(deps),
          updateCategory: updateCategory(deps),
          uploadMedia: uploadMedia(deps),
          placeMedia: placeMedia(deps),
          importProducts: importProducts(deps),
          exportProducts: exportProducts(deps),
          getJob: getJob(deps),
        },
        'catalog.CatalogPriceService': { quoteSkus: quoteSkus(deps) },
      },
      facts: onFacts(deps),
      timers: {
        [finishTimer]: ({ aggregateId }) => finishProducts(deps)([aggregateId], systemCall('catalog'), async () => {}),
        [reshelveTimer]: ({ aggregateId }) => reshelve(deps)(aggregateId),
        [importTimer]: runImport(deps),
        [picturesTimer]: fetchPictures(deps),
      },
    }
  },
})
