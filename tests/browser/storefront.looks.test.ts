import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { accessFaults, allLooks, cannotBrowse, enter, faultsOf, openBrowser, openShop, visit } from './shop.ts'

const product = '/p/court-sneaker?sku=COURT-SNEAKER-CLAY-40'
const pages = [
  '/',
  '/c/shoes-bags',
  '/c/tech',
  '/search?q=lamp',
  '/search?q=zzzz',
  product,
  '/bag',
  '/login',
  '/categories',
  '/orders',
  '/me',
]

/** Bytes of script, gzip, that a first visit may cost. */
const scriptBudget = 175 * 1024

describe('the look of the storefront', { skip: cannotBrowse }, () => {
  let browser: Browser
  let shop: Awaited<ReturnType<typeof openShop>>
  before(async () => {
    shop = await openShop()
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await shop?.close()
  })

  for (const look of allLooks)
    test(`every open page holds together at ${look.width} px, ${look.theme}, ${look.locale}`, async () => {
      const visitor = await enter(browser, shop.base, look)
      for (const path of pages) {
        await visit(visitor.page, path)
        deepEqual(await faultsOf(visitor), [], path)
        // Colours and roles do not depend on the language.
        if (look.locale === 'en') deepEqual(await accessFaults(visitor.page), [], path)
        equal(await visitor.page.locator('html').getAttribute('lang'), look.locale)
      }
      await visitor.context.close()
    })

  test('nothing is cut off on the smallest phone', async () => {
    const visitor = await enter(browser, shop.base, { width: 320, height: 568 })
    for (const path of pages) {
      await visit(visitor.page, path)
      deepEqual(await faultsOf(visitor), [], path)
    }
    await visitor.context.close()
  })

  test('a dark shop is dark before its script runs', async () => {
    const { context, page } = await enter(browser, shop.base, { theme: 'dark' })
    await page.route('**/*.js', (route) => route.abort())
    await page.goto('/')
    equal(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'), 'rgb(13, 14, 18)')
    await context.close()
  })

  test('who asked for less motion gets none', async () => {
    const { context, page } = await enter(browser, shop.base)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await visit(page, '/')
    await page.getByTestId('product-card').first().getByRole('link').click()
    await page.getByTestId('add-to-bag').waitFor()
    equal(await page.evaluate('document.getAnimations().length'), 0)
    await context.close()
  })

  for (const path of ['/', '/c/shoes-bags', product])
    test(`a first visit to ${path} stays within the budget of script`, async () => {
      const { context, page } = await enter(browser, shop.base, { width: 390, height: 844 })
      const scripts: Promise<Buffer>[] = []
      page.on('response', (answer) => {
        if (answer.request().resourceType() === 'script') scripts.push(answer.body())
      })
      await visit(page, path)
      const bytes = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0)
      ok(bytes > 50 * 1024, 'scripts were counted')
      ok(bytes <= scriptBudget, `${(bytes / 1024).toFixed(1)} kB`)
      await context.close()
    })
})
