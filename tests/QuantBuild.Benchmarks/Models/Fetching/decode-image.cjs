// node decode-image.cjs DECODER-FOLDER IMAGE TARGET: writes width and height as 32-bit little-endian integers, then R, G, B, A bytes.
const fs = require('node:fs');
const [decoder, image, target] = process.argv.slice(2);
const library = require(decoder);
const bytes = fs.readFileSync(image);
const { width, height, data } = image.endsWith('.png')
  ? library.PNG.sync.read(bytes)
  : library.decode(bytes, { useTArray: true });
const size = Buffer.alloc(8);
size.writeInt32LE(width, 0);
size.writeInt32LE(height, 4);
fs.writeFileSync(target, Buffer.concat([size, Buffer.from(data)]));
