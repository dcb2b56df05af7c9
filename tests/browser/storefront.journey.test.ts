import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  accessFaults,
  cannotBrowse,
  enter,
  faultsOf,
  type Look,
  openBrowser,
  openShop,
  type Visitor,
  visit,
} from './shop.ts'

const sneaker = '/p/court-sneaker?sku=COURT-SNEAKER-CLAY-40'
/** There are hundreds of it, so that tests on a given shop do not sell it out. */
const pencil = '/p/drafting-pencil?sku=DRAFTING-PENCIL-HB-1'
const password = 'correct horse battery staple'

describe('buying in the storefront', { skip: cannotBrowse }, () => {
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

  const comeIn = (look: Partial<Look> = {}): Promise<Visitor> => enter(browser, shop.base, look)

  /** Answers the new account. */
  const register = async (page: Page, next: string): Promise<string> => {
    const account = `${randomUUID()}@example.org`
    await visit(page, `/register?next=${encodeURIComponent(next)}`)
    await page.locator('input[name=account]').fill(account)
    await page.locator('input[name=password]').fill(password)
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL(`**${next}`)
    return account
  }

  const add = async (page: Page, path = pencil) => {
    await visit(page, path)
    await page.getByTestId('add-to-bag').click()
    await page.getByTestId('live').filter({ hasText: 'added' }).waitFor()
    if ((page.viewportSize()?.width ?? 0) < 1024) return
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  const giveAddress = async (page: Page) => {
    await page.locator('select[name=country]').selectOption('US')
    for (const [name, value] of Object.entries({
      recipient: 'Jane Doe',
      phone: '+1 650 253 0000',
      province: 'CA',
      city: 'Mountain View',
      line1: '1600 Amphitheatre Parkway',
      postalCode: '94043',
    }))
      await page.locator(`input[name=${name}]`).fill(value)
    await page.locator('main form button[type=submit]').click()
    await page.locator('input[name=address]:checked').waitFor()
  }

  /** From an empty bag to the checkout with an address, the order ready to be placed. */
  const prepare = async (page: Page) => {
    await add(page)
    const account = await register(page, '/checkout')
    await giveAddress(page)
    await page.locator('[data-testid=place-order]:enabled').waitFor()
    return account
  }

  test('changing the language keeps address and bag', async () => {
    const { context, page } = await comeIn()
    await add(page, sneaker)
    await page.getByRole('button', { name: 'Language and theme' }).click()
    await page.getByRole('menuitemradio', { name: '简体中文' }).click()
    await page.getByRole('heading', { level: 1, name: '球场板鞋' }).waitFor()
    ok(page.url().endsWith(sneaker))
    equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
    equal(await page.getByTestId('bag-count').textContent(), '1')
    await context.close()
  })

  test('options: the address follows, sold out stays selectable', async () => {
    const { context, page } = await comeIn()
    await visit(page, '/p/court-sneaker')
    await page.getByTestId('option-Colour-Clay').check()
    await page.getByTestId('option-EU size-40').check()
    await page.waitForURL(`**${sneaker}`)
    const soldOut = page.getByRole('radio', { name: /sold out/ }).first()
    await soldOut.check()
    await page.locator('[data-testid=add-to-bag]:disabled').waitFor()
    match((await page.getByTestId('add-to-bag').textContent()) ?? '', /Sold out/)
    await context.close()
  })

  test('twenty quick presses are at most three requests, and the total is the server’s', async () => {
    const { context, page } = await comeIn()
    await add(page)
    await visit(page, '/bag')
    let changes = 0
    page.on('request', (request) => {
      if (request.method() === 'PATCH') changes += 1
    })
    const more = page.getByRole('button', { name: 'One more' })
    for (let press = 0; press < 20; press++) await more.click()
    await page.getByTestId('total').filter({ hasText: '¥189.00' }).waitFor()
    ok(changes <= 3, `${changes} requests`)
    equal(await page.getByTestId('bag-count').textContent(), '21')
    await context.close()
  })

  test('what is removed comes back to its place', async () => {
    const { context, page } = await comeIn()
    await add(page)
    await add(page, '/p/filament-bulb')
    await visit(page, '/bag')
    const lines = page.locator('[data-testid^=line-]')
    const order = () => lines.evaluateAll((all) => all.map((line) => line.getAttribute('data-testid')))
    const wanted = await order()
    await page
      .getByRole('button', { name: /^Remove / })
      .first()
      .click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByTestId('bag-count').filter({ hasText: '2' }).waitFor()
    deepEqual(await order(), wanted)
    await context.close()
  })

  test('register, choose, bag, check out, pay: paid on screen', async () => {
    const visitor = await comeIn({ width: 390, height: 844 })
    const { context, page } = visitor
    await visit(page, '/')
    await page.getByTestId('product-card').first().waitFor()
    await prepare(page)
    deepEqual(await faultsOf(visitor), [], 'checkout')
    deepEqual(await accessFaults(page), [], 'checkout')
    equal(await page.getByTestId('total').textContent(), '¥9.00')
    await page.getByTestId('place-order').click()
    await page.waitForURL('**/pay/*')
    await page.getByTestId('pay').waitFor()
    deepEqual(await faultsOf(visitor), [], 'cashier')
    deepEqual(await accessFaults(page), [], 'cashier')
    await page.getByTestId('pay').click()
    await page.waitForURL('**/sandbox/pay/**')
    await page.locator('button[value=SUCCESS]').first().click()
    await page.waitForURL('**/return')
    await page.getByTestId('order-status').filter({ hasText: 'Paid' }).waitFor()
    await page.getByRole('link', { name: 'See the order' }).click()
    await page.locator('[data-testid=order-status][data-status=ALLOCATED]').waitFor()
    deepEqual(await faultsOf(visitor), [], 'order')
    deepEqual(await accessFaults(page), [], 'order')
    equal(await page.getByTestId('bag-count').isVisible(), false)
    await context.close()
  })

  test('a declined payment leads to another method', async () => {
    const { context, page } = await comeIn()
    await prepare(page)
    await page.getByTestId('place-order').click()
    await page.getByTestId('pay').click()
    await page.locator('button[value=DECLINE]').first().click()
    await page.getByTestId('order-status').filter({ hasText: 'did not go through' }).waitFor()
    await page.getByRole('link', { name: 'Choose a method' }).click()
    await page.getByRole('radio', { name: /Pay on delivery/ }).check()
    await page.getByTestId('pay').click()
    await page.getByTestId('order-status').filter({ hasText: 'Order confirmed' }).waitFor()
    await context.close()
  })

  test('an order whose answer is cut off is asked about with the same key, and is one order', async () => {
    const { context, page } = await comeIn()
    await prepare(page)
    const keys: (string | undefined)[] = []
    await page.route('**/v1/orders', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length > 3) return route.continue()
      await route.fetch()
      return route.abort()
    })
    await page.getByTestId('place-order').click()
    await page.getByTestId('problem').filter({ hasText: 'did not hear back' }).waitFor()
    await page.getByTestId('place-order').click()
    await page.waitForURL('**/pay/*')
    equal(keys.length, 4)
    equal(new Set(keys).size, 1)
    await visit(page, '/orders')
    equal(await page.locator('main article').count(), 1)
    await context.close()
  })

  test('a reload while the order is being placed meets the same order', async () => {
    const { context, page } = await comeIn()
    await prepare(page)
    const keys: (string | undefined)[] = []
    const placed = Promise.withResolvers<void>()
    await page.route('**/v1/orders', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length > 1) return route.continue()
      // Placed, but the page that asked never hears of it.
      await route.fetch()
      placed.resolve()
    })
    await page.getByTestId('place-order').dblclick()
    await placed.promise
    await page.reload()
    await page.waitForURL('**/pay/*')
    equal(new Set(keys).size, 1)
    await visit(page, '/orders')
    equal(await page.locator('main article').count(), 1)
    await context.close()
  })

  test('an order can be cancelled while it is unpaid', async () => {
    const { context, page } = await comeIn()
    await prepare(page)
    await page.getByTestId('place-order').click()
    await page.waitForURL('**/pay/*')
    await visit(page, '/orders')
    await page.locator('main article a').first().click()
    await page.getByRole('button', { name: 'Cancel order' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel order' }).click()
    await page.locator('[data-testid=order-status][data-status=CANCELLED]').waitFor()
    await context.close()
  })

  test('without a connection the page stays, says so, and does not sell', async () => {
    const { context, page } = await comeIn()
    await visit(page, sneaker)
    await context.setOffline(true)
    await page.getByTestId('offline').waitFor({ timeout: 1000 })
    ok(await page.getByRole('heading', { level: 1 }).isVisible())
    equal(await page.getByTestId('add-to-bag').isDisabled(), true)
    await context.setOffline(false)
    await page.getByTestId('offline').waitFor({ state: 'detached' })
    await context.close()
  })

  test('a session that ends in the middle is regained over the page, and the same order goes on', async () => {
    const { context, page } = await comeIn()
    const account = await prepare(page)
    const keys: (string | undefined)[] = []
    let ended = true
    await page.route('**/v1/auth/refresh', (route) =>
      ended ? route.fulfill({ status: 401, json: {} }) : route.continue(),
    )
    await page.route('**/v1/orders', (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      keys.push(route.request().headers()['idempotency-key'])
      return keys.length === 1 ? route.fulfill({ status: 401, json: { code: 'UNAUTHENTICATED' } }) : route.continue()
    })
    await page.getByTestId('place-order').click()
    const sheet = page.getByRole('dialog')
    await sheet.locator('input[name=account]').fill(account)
    await sheet.locator('input[name=password]').fill(password)
    ended = false
    await sheet.locator('button[type=submit]').click()
    await page.waitForURL('**/pay/*')
    equal(keys.length, 2)
    equal(new Set(keys).size, 1)
    await context.close()
  })

  test('a quantity changed without a connection is sent once there is one', async () => {
    const { context, page } = await comeIn()
    await add(page)
    await visit(page, '/bag')
    let changes = 0
    page.on('request', (request) => {
      if (request.method() === 'PATCH') changes += 1
    })
    await context.setOffline(true)
    await page.getByTestId('offline').waitFor()
    await page.getByRole('button', { name: 'One more' }).click()
    await page.waitForTimeout(800)
    equal(changes, 0)
    await context.setOffline(false)
    await page.getByTestId('total').filter({ hasText: '¥18.00' }).waitFor()
    equal(changes, 1)
    await context.close()
  })

  test('what a guest put in the bag comes along', async () => {
    const { context, page } = await comeIn()
    await add(page)
    await register(page, '/bag')
    await page.getByTestId('live').filter({ hasText: 'came along' }).waitFor()
    equal(await page.getByTestId('bag-count').textContent(), '1')
    await page.reload()
    await page.getByTestId('bag-count').filter({ hasText: '1' }).waitFor()
    equal(await page.locator('[data-testid^=line-]').count(), 1)
    await context.close()
  })

  test('signing in refuses the same way for known and unknown, and a foreign next is ignored', async () => {
    const { context, page } = await comeIn()
    await visit(page, '/login?next=//elsewhere.example')
    await page.locator('input[name=account]').fill(`${randomUUID()}@example.org`)
    await page.locator('input[name=password]').fill('not the password')
    await page.locator('main form button[type=submit]').click()
    await page.getByTestId('problem').filter({ hasText: 'The account or the password is not right.' }).waitFor()
    await visit(page, `/register?next=${encodeURIComponent('//elsewhere.example')}`)
    await page.locator('input[name=account]').fill(`${randomUUID()}@example.org`)
    await page.locator('input[name=password]').fill(password)
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL(`${shop.base}/`)
    await context.close()
  })

  test('keyboard only: skip link, search, product, bag', async () => {
    const { context, page } = await comeIn()
    await visit(page, '/')
    await page.keyboard.press('Tab')
    equal(await page.evaluate('document.activeElement.getAttribute("href")'), '#main')
    await page.keyboard.press('/')
    await page.keyboard.type('sneaker')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/search?q=sneaker')
    await page.getByRole('heading', { level: 1, name: 'sneaker' }).waitFor()
    await page.getByTestId('product-card').first().getByRole('link').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/p/**')
    // A new page takes the focus to its heading; whoever is faster would be sent back there.
    await page.locator('h1:focus').waitFor()
    await page.getByTestId('add-to-bag').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('[data-testid=add-to-bag]:focus').waitFor()
    await page.keyboard.press('b')
    await page.waitForURL('**/bag')
    await page.locator('h1:focus').waitFor()
    await context.close()
  })
})
