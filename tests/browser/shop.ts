import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { startSystem } from '../system.ts'

const executablePath = process.env.SOUK_TEST_CHROMIUM ?? '/usr/bin/chromium'

/** Why browser tests cannot run here; false when they can. */
export const cannotBrowse: string | false = existsSync(executablePath)
  ? false
  : `there is no browser at ${executablePath}`

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args })

const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms))

/** A shop with its demo goods: the one at `SOUK_TEST_BASE_URL`, else a system of its own. */
export const openShop = async (): Promise<{ base: string; close: () => Promise<unknown> }> => {
  const given = process.env.SOUK_TEST_BASE_URL
  const system = given ? undefined : await startSystem('start', { demo: true })
  const base = given?.replace(/\/$/, '') ?? system?.base ?? ''
  for (let tries = 0; tries < 600; tries++) {
    const { products } = (await (await fetch(`${base}/v1/products?pageSize=100`)).json()) as { products: unknown[] }
    if (products.length === 100) return { base, close: async () => system?.remove() }
    await pause(200)
  }
  throw new Error('the demo goods did not come')
}

export type Look = { width: number; height: number; theme: 'light' | 'dark'; locale: 'en' | 'zh-CN' }

/** Phone and desk, light and dark, both languages. */
export const allLooks: readonly Look[] = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
].flatMap((size) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['en', 'zh-CN'] as const).map((locale) => ({ ...size, theme, locale })),
  ),
)

const watchers = `
  window.__seen = { policy: [], shift: 0 }
  addEventListener('securitypolicyviolation', (event) => window.__seen.policy.push(event.violatedDirective + ' ' + event.blockedURI))
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__seen.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
`

export type Visitor = {
  context: BrowserContext
  page: Page
  /** What the console called an error since the last look. */
  complaints: () => string[]
}

/** Somebody new in the shop, with a clean browser. */
export const enter = async (browser: Browser, base: string, look: Partial<Look> = {}): Promise<Visitor> => {
  const { width = 1440, height = 900, theme = 'light', locale = 'en' } = look
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height },
    locale: locale === 'en' ? 'en-US' : 'zh-CN',
    hasTouch: width < 500,
    isMobile: width < 500,
  })
  await context.addCookies([
    { name: 'souk-theme', value: theme, url: base },
    { name: 'souk-lang', value: locale, url: base },
  ])
  await context.addInitScript(watchers)
  const page = await context.newPage()
  const heard: string[] = []
  page.on('console', (message) => message.type() === 'error' && heard.push(message.text()))
  page.on('pageerror', (error) => heard.push(String(error)))
  return { context, page, complaints: () => heard.splice(0) }
}

/** Opens a page and waits until nothing more is asked for. */
export const visit = (page: Page, path: string) => page.goto(path, { waitUntil: 'networkidle' })

/** What every page has to be, as one list of faults. */
export const faultsOf = async ({ page, complaints }: Visitor): Promise<string[]> => {
  // A slow machine shows the frame before the page; one without a heading is a fault of its own.
  await page
    .locator('h1')
    .first()
    .waitFor({ timeout: 5000 })
    .catch(() => {})
  const { over, headings, policy, shift } = (await page.evaluate(`({
    over: document.documentElement.scrollWidth - innerWidth,
    headings: document.querySelectorAll('h1').length,
    policy: window.__seen.policy,
    shift: window.__seen.shift,
  })`)) as { over: number; headings: number; policy: string[]; shift: number }
  return [
    ...(over > 0 ? [`scrolls sideways by ${over} px`] : []),
    ...(headings === 1 ? [] : [`${headings} h1`]),
    ...(shift < 0.05 ? [] : [`layout shift ${shift.toFixed(3)}`]),
    ...policy.map((report) => `content policy: ${report}`),
    ...complaints().map((complaint) => `console: ${complaint}`),
  ]
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Faults that axe finds by WCAG 2.2 AA, each with the first element concerned. */
export const accessFaults = async (page: Page): Promise<string[]> => {
  // A colour on its way to another is neither.
  await page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity).map(({ finished }) => finished))`)
  await page.evaluate(axe)
  const tags = JSON.stringify(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
  const { violations } = (await page.evaluate(`axe.run(document, { runOnly: { type: 'tag', values: ${tags} } })`)) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
  }
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary} (${nodes.length})`)
}
