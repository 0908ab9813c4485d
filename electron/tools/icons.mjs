/** `npm run icons`: the PNGs and the Windows icon from resources/icons/icon.svg; their output is in git. */
import { readFile, writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { inProject } from './project.mjs'

const folder = (name) => inProject('resources', 'icons', name)
const drawing = await readFile(folder('icon.svg'))

const draw = (size) => sharp(drawing, { density: 72 * Math.max(1, size / 1024) }).resize(size, size).png({ compressionLevel: 9 }).toBuffer()

for (const size of [16, 32, 48, 64, 128, 256, 512]) await writeFile(folder(`${size}x${size}.png`), await draw(size))
await writeFile(folder('icon.png'), await draw(1024))
await writeFile(folder('icon.ico'), icon(await Promise.all([16, 24, 32, 48, 64, 128, 256].map(async (size) => ({ size, image: await draw(size) })))))

/** A Windows icon that holds PNGs: a header of 6 bytes, an entry of 16 bytes for each image, then the images (Windows Vista and later). */
function icon(images) {
  const header = Buffer.alloc(6 + 16 * images.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(images.length, 4)
  let offset = header.length
  images.forEach(({ size, image }, index) => {
    const entry = 6 + 16 * index
    // 0 stands for 256.
    header.writeUInt8(size % 256, entry)
    header.writeUInt8(size % 256, entry + 1)
    header.writeUInt16LE(1, entry + 4)
    header.writeUInt16LE(32, entry + 6)
    header.writeUInt32LE(image.length, entry + 8)
    header.writeUInt32LE(offset, entry + 12)
    offset += image.length
  })
  return Buffer.concat([header, ...images.map(({ image }) => image)])
}
