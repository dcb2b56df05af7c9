import type { LinguiConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

const config: LinguiConfig = {
  locales: ['en', 'zh-CN'],
  sourceLocale: 'en',
  format: formatter({ explicitIdAsDefault: true, origins: false }),
  catalogs: [{ path: '<rootDir>/locales/{locale}', include: [] }],
}

export default config
