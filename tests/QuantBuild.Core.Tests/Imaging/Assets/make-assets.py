#!/usr/bin/python3
"""Makes the pictures of this folder; README.md says with which programs."""
import os
import struct
import subprocess
import zlib

import numpy
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))


def path(*parts):
    target = os.path.join(HERE, *parts)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    return target


def picture(width, height, seed=1):
    """Slopes, an edge, a circle and some noise: smooth parts, sharp parts and saturated colours."""
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    noise = numpy.random.RandomState(seed).randint(-12, 13, (height, width, 3))
    u, v = x / max(width - 1, 1), y / max(height - 1, 1)
    rgb = numpy.stack([255 * u, 255 * v, 255 * (1 - u)], axis=2) + noise
    circle = (u - 0.6) ** 2 + (v - 0.4) ** 2 < 0.06
    rgb[circle] = (250, 20, 60)
    rgb[(u + v) % 0.5 < 0.06] = (5, 10, 240)
    return numpy.clip(rgb, 0, 255).astype(numpy.uint8)


def save_pnm(array, target):
    kind = b"P5" if array.ndim == 2 else b"P6"
    with open(target, "wb") as file:
        file.write(b"%s\n%d %d\n255\n" % (kind, array.shape[1], array.shape[0]) + array.tobytes())


def jpeg(name, width, height, *options, grey=False):
    source = path("source.ppm")
    save_pnm(picture(width, height), source)
    target = path("jpeg", name + ".jpg")
    arguments = ["-grayscale"] if grey else []
    subprocess.run(["cjpeg", "-quality", "80", *arguments, *options, "-outfile", target, source], check=True)
    subprocess.run(["djpeg", "-pnm", "-outfile", path("jpeg", name + ".pnm"), target], check=True)
    os.remove(source)


def all_jpegs():
    for ratio, name in [("1x1", "444"), ("2x1", "422"), ("2x2", "420"), ("1x2", "440"), ("4x1", "411"), ("4x2", "410")]:
        jpeg(name, 37, 29, "-sample", ratio)
        jpeg(name + "-progressive", 37, 29, "-sample", ratio, "-progressive")
    jpeg("grey", 37, 29, grey=True)
    jpeg("grey-progressive", 37, 29, "-progressive", grey=True)
    jpeg("restart", 41, 33, "-sample", "2x2", "-restart", "1B")
    jpeg("restart-progressive", 41, 33, "-sample", "2x2", "-restart", "2B", "-progressive")
    jpeg("rgb", 21, 19, "-rgb")
    jpeg("optimized", 37, 29, "-optimize", "-quality", "97")
    jpeg("coarse", 37, 29, "-quality", "5")
    jpeg("blue-sampled", 37, 29, "-sample", "1x1,2x1,1x2")
    for width, height in [(1, 1), (2, 3), (3, 2), (4, 5), (5, 17), (16, 16), (17, 1), (1, 17)]:
        jpeg("size-%dx%d" % (width, height), width, height, "-sample", "2x2")
    jpeg("size-3x3-422", 3, 3, "-sample", "2x1")
    jpeg("size-3x3-440", 3, 3, "-sample", "1x2")
    Image.fromarray(picture(9, 7)).convert("CMYK").save(path("refused", "cmyk.jpg"))
    jpeg("arithmetic", 9, 7, "-arithmetic")
    os.replace(path("jpeg", "arithmetic.jpg"), path("refused", "arithmetic.jpg"))
    os.remove(path("jpeg", "arithmetic.pnm"))


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png_rows(samples, depth, filters):
    """[height, width, samples] with a filter for every row in turn; filters work on bytes."""
    rows, above = b"", None
    distance = max(1, samples.shape[2] * depth // 8)
    for y in range(samples.shape[0]):
        values = samples[y].reshape(-1)
        if depth == 16:
            row = values.astype(">u2").tobytes()
        elif depth == 8:
            row = values.astype(numpy.uint8).tobytes()
        else:
            bits = "".join(format(value, "0%db" % depth) for value in values)
            bits += "0" * (-len(bits) % 8)
            row = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        above = above or bytes(len(row))
        kind = filters[y % len(filters)]
        coded = bytearray()
        for i, value in enumerate(row):
            left = row[i - distance] if i >= distance else 0
            corner = above[i - distance] if i >= distance else 0
            p = left + above[i] - corner
            paeth = min((abs(p - left), 0, left), (abs(p - above[i]), 1, above[i]), (abs(p - corner), 2, corner))[2]
            coded.append((value - [0, left, above[i], (left + above[i]) // 2, paeth][kind]) & 255)
        rows += bytes([kind]) + bytes(coded)
        above = row
    return rows


def png(name, samples, depth, colour_type, interlaced=False, palette=None, transparency=None):
    height, width, _ = samples.shape
    if interlaced:
        parts = [samples[top::down, left::right] for left, top, right, down in PASSES]
        data = b"".join(png_rows(part, depth, [4, 3, 2, 1, 0]) for part in parts if part.size)
    else:
        data = png_rows(samples, depth, [0, 1, 2, 3, 4])
    packed = zlib.compress(data, 9)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced)))]
    if palette is not None:
        chunks.append((b"PLTE", palette.tobytes()))
    if transparency is not None:
        chunks.append((b"tRNS", transparency))
    half = len(packed) // 2
    chunks += [(b"tEXt", b"Title\0test"), (b"IDAT", packed[:half]), (b"IDAT", packed[half:]), (b"IEND", b"")]
    target = path("png", name + ".png")
    with open(target, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, content in chunks:
            file.write(struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content)))

    opened = Image.open(target)
    if colour_type in (0, 4):
        grey = (numpy.asarray(opened).astype(int) >> 8).astype(numpy.uint8) if opened.mode.startswith("I") else numpy.asarray(opened.convert("L"))
        save_pnm(grey, path("png", name + ".pnm"))
    else:
        save_pnm(numpy.asarray(opened.convert("RGB")), path("png", name + ".pnm"))


def all_pngs():
    random = numpy.random.RandomState(7)
    for interlaced, suffix in [(False, ""), (True, "-interlaced")]:
        for depth in (1, 2, 4, 8, 16):
            png("grey%d%s" % (depth, suffix), random.randint(0, 1 << depth, (11, 13, 1)), depth, 0, interlaced)
        for depth in (8, 16):
            png("rgb%d%s" % (depth, suffix), random.randint(0, 1 << depth, (11, 13, 3)), depth, 2, interlaced)
            png("grey-alpha%d%s" % (depth, suffix), random.randint(0, 1 << depth, (11, 13, 2)), depth, 4, interlaced)
            png("rgba%d%s" % (depth, suffix), random.randint(0, 1 << depth, (11, 13, 4)), depth, 6, interlaced)
        for depth in (1, 2, 4, 8):
            colours = min(1 << depth, 100)
            palette = random.randint(0, 256, (colours, 3)).astype(numpy.uint8)
            png("palette%d%s" % (depth, suffix), random.randint(0, colours, (11, 13, 1)), depth, 3, interlaced, palette)
    palette = random.randint(0, 256, (4, 3)).astype(numpy.uint8)
    png("palette-transparent", random.randint(0, 4, (5, 6, 1)), 2, 3, False, palette, bytes([0, 128]))
    png("rgb-transparent", random.randint(0, 256, (5, 6, 3)), 8, 2, False, None, bytes(6))
    png("one-pixel-interlaced", random.randint(0, 256, (1, 1, 3)), 8, 2, True)


def bmp(name, image):
    image.save(path("bmp", name + ".bmp"))
    save_pnm(numpy.asarray(Image.open(path("bmp", name + ".bmp")).convert("RGB")), path("bmp", name + ".pnm"))


def all_bmps():
    rgb = Image.fromarray(picture(13, 11))
    bmp("rgb24", rgb)
    bmp("rgba32", rgb.convert("RGBA"))
    bmp("grey8", rgb.convert("L"))
    bmp("palette8", rgb.quantize(50))
    bmp("black-and-white1", rgb.convert("1"))
    pixels = numpy.random.RandomState(3).randint(0, 1 << 15, (5, 8)).astype("<u2")
    header = struct.pack("<IiiHHIIiiII", 40, 8, -5, 1, 16, 0, 0, 0, 0, 0, 0)
    with open(path("bmp", "rgb16-top-down.bmp"), "wb") as file:
        file.write(b"BM" + struct.pack("<IHHI", 54 + 80, 0, 0, 54) + header + pixels.tobytes())
    save_pnm(numpy.asarray(Image.open(path("bmp", "rgb16-top-down.bmp")).convert("RGB")), path("bmp", "rgb16-top-down.pnm"))
    indices = numpy.random.RandomState(4).randint(0, 256, (3, 4)).astype(numpy.uint8)
    header = struct.pack("<IiiHHIIiiII", 40, 7, 3, 1, 4, 0, 0, 0, 0, 16, 0)
    palette = numpy.random.RandomState(5).randint(0, 256, (16, 4)).astype(numpy.uint8)
    palette[:, 3] = 0
    with open(path("bmp", "palette4.bmp"), "wb") as file:
        file.write(b"BM" + struct.pack("<IHHI", 54 + 64 + 12, 0, 0, 54 + 64) + header + palette.tobytes() + indices.tobytes())
    save_pnm(numpy.asarray(Image.open(path("bmp", "palette4.bmp")).convert("RGB")), path("bmp", "palette4.pnm"))


FILTERS = {"Nearest": Image.NEAREST, "Bilinear": Image.BILINEAR, "Bicubic": Image.BICUBIC}


def all_resized():
    save_pnm(picture(61, 47, 2), path("resize", "source.pnm"))
    rgb = Image.fromarray(picture(61, 47, 2))
    for name, method in FILTERS.items():
        for width, height in [(17, 13), (61, 20), (20, 47), (90, 101), (122, 94), (7, 90), (1, 1)]:
            save_pnm(numpy.asarray(rgb.resize((width, height), method)), path("resize", "%s-%dx%d.pnm" % (name, width, height)))
    grey = rgb.convert("L")
    save_pnm(numpy.asarray(grey.resize((33, 29), Image.BILINEAR)), path("resize", "Bilinear-grey-33x29.pnm"))


if __name__ == "__main__":
    all_jpegs()
    all_pngs()
    all_bmps()
    all_resized()
