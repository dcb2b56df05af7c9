import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { readPastedAddress } from '../src/parts/paste-address.ts'
import { loadRegions } from '../src/parts/regions.ts'

const regions = await loadRegions()

test('districts follow their city, cities their province', () => {
  equal(regions.cities('广东省').includes('深圳市'), true)
  equal(regions.districts('广东省', '深圳市').includes('南山区'), true)
  deepEqual(regions.cities('没有这个省'), [])
  deepEqual(regions.districts('广东省', '杭州市'), [])
})

const shenzhen = { province: '广东省', city: '深圳市', district: '南山区', line1: '科技园路1号' }

for (const [says, pasted, read] of [
  [
    'name, phone, place',
    '张三 13800138000 广东省深圳市南山区科技园路1号',
    { recipient: '张三', phone: '13800138000', ...shenzhen },
  ],
  [
    'place first, short names, a dashed phone',
    '广东深圳南山区科技园路1号，张三，138-0013-8000',
    { recipient: '张三', phone: '13800138000', ...shenzhen },
  ],
  [
    'a municipality written once',
    '李小明 +86 13912345678 上海市浦东新区世纪大道100号',
    {
      recipient: '李小明',
      phone: '13912345678',
      province: '上海市',
      city: '上海市',
      district: '浦东新区',
      line1: '世纪大道100号',
    },
  ],
  [
    'spaces between the levels',
    '王芳 浙江省 杭州市 西湖区 文三路 90 号',
    { recipient: '王芳', phone: '', province: '浙江省', city: '杭州市', district: '西湖区', line1: '文三路 90 号' },
  ],
] as const)
  test(`pasted: ${says}`, () => deepEqual(readPastedAddress(pasted, regions), read))

test('a line without a province is left to the reader', () =>
  equal(readPastedAddress('Jane Doe, 1600 Amphitheatre Parkway', regions), undefined))
