import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { luminance, overlay, parseColour, recolour, toneExponent } from './recolour.ts'

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)

for (const [says, colour, expected] of [
  ['black has none', [0, 0, 0], 0],
  ['white has all', [1, 1, 1], 1],
  ['red weighs 0.2126', [1, 0, 0], 0.2126],
  ['green weighs 0.7152', [0, 1, 0], 0.7152],
  ['blue weighs 0.0722', [0, 0, 1], 0.0722],
] as const) {
  test(`luminance: ${says}`, () => close(luminance(colour), expected))
}

for (const [says, mean, expected] of [
  ['an object at the target tone keeps its tones', 0.52, 1],
  ['a lighter object is darkened until its mean is .52', 0.6, Math.log(0.52) / Math.log(0.6)],
  ['a very light object is darkened no further than 1.35', 0.9, 1.35],
  ['a dark object is lightened no further than .6', 0.1, 0.6],
  ['white is darkened', 1, 1.35],
  ['black is lightened', 0, 0.6],
] as const) {
  test(`tone: ${says}`, () => close(toneExponent(mean), expected))
}

for (const [says, tone, channel, expected] of [
  ['black stays black', 0, 0.8, 0],
  ['white stays white', 1, 0.2, 1],
  ['a middle tone takes the colour', 0.5, 0.3, 0.3],
  ['below the middle it multiplies', 0.25, 0.4, 0.2],
  ['above the middle it screens', 0.75, 0.4, 0.7],
] as const) {
  test(`overlay: ${says}`, () => close(overlay(tone, channel), expected))
}

test('a colour is six lower-case hex digits', () => {
  assert.deepEqual(parseColour('ff0033'), [1, 0, 0.2])
  for (const colour of ['#ff0033', 'FF0033', 'ff003', '']) assert.throws(() => parseColour(colour), /six hex digits/)
})

test('a grey pixel of the target tone becomes nearly the colour itself', () => {
  const grey = Uint8Array.of(133, 133, 133, 255)
  const [red, green, blue, alpha] = recolour(grey, 'c96f4a')
  assert.deepEqual([red, green, blue, alpha], [203, 117, 81, 255])
})

test('the mean tone counts opaque pixels only', () => {
  const opaque = [133, 133, 133, 255]
  const withGhost = recolour(Uint8Array.of(...opaque, 255, 255, 255, 254), '6a7fb0')
  assert.deepEqual(withGhost.slice(0, 4), recolour(Uint8Array.of(...opaque), '6a7fb0'))
})

test('a picture without an opaque pixel keeps its tones', () =>
  assert.deepEqual(
    [...recolour(Uint8Array.of(0, 0, 0, 10, 255, 255, 255, 0), '6a7fb0')],
    [0, 0, 0, 10, 255, 255, 255, 0],
  ))

test('alpha is kept, the input is not touched, darker pixels never become lighter than lighter ones', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(255), { minLength: 2, maxLength: 40 }), fc.nat(0xffffff), (greys, number) => {
      const source = Uint8Array.from(greys.flatMap((grey, index) => [grey, grey, grey, (index * 37) % 256]))
      const before = source.slice()
      const result = recolour(source, number.toString(16).padStart(6, '0'))
      assert.deepEqual(source, before)
      const pixels = greys.map((grey, index) => ({ grey, at: index * 4 })).sort((a, b) => a.grey - b.grey)
      for (const [index, { at }] of pixels.entries()) {
        assert.equal(result[at + 3], source[at + 3])
        const previous = pixels[index - 1]
        if (!previous) continue
        for (const channel of [0, 1, 2]) assert.ok(result[previous.at + channel]! <= result[at + channel]!)
      }
    }),
  ))
