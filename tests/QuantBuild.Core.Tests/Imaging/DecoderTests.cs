using QuantBuild.Imaging;

namespace QuantBuild.Core.Tests.Imaging;

/// <summary>Pictures of every kind have the pixels that libjpeg-turbo and Pillow read from them.</summary>
[TestClass]
public sealed class DecoderTests
{
    public static IEnumerable<object[]> Pictures =>
        from folder in new[] { "jpeg", "png", "bmp" }
        from name in Asset.PicturesOf(folder)
        select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Pictures))]
    public void Decode_Picture_HasThePixelsOfTheOtherProgram(string name) =>
        Asset.AssertSame(Asset.ExpectedOf(name), Asset.Decode(name), name);

    [TestMethod]
    [DynamicData(nameof(Pictures))]
    public void Measure_Picture_HasTheSizeOfTheDecodedOne(string name)
    {
        PixelImage image = Asset.Decode(name);

        Assert.AreEqual((image.Width, image.Height), ImageFormats.Measure(Asset.Read(name)));
    }

    [TestMethod]
    public void Pictures_Folders_AreNotEmpty() =>
        CollectionAssert.AreEqual(
            new[] { 30, 33, 7 }, new[] { "jpeg", "png", "bmp" }.Select(folder => Asset.PicturesOf(folder).Count).ToArray());

    [TestMethod]
    [DataRow("P2 2 2 15\n0 15 # a comment\n 7\n1", 1, new[] { 0, 255, 119, 17 })]
    [DataRow("P3\n#a\n1 1\n255\n1 2 3\n", 3, new[] { 1, 2, 3 })]
    [DataRow("P5 3 1 255\nabc", 1, new[] { 97, 98, 99 })]
    [DataRow("P5 1 1 65535\n\u007f\u0080", 1, new[] { 127 })]
    [DataRow("P6 1 1 100\n\u0000\u0032\u0064", 3, new[] { 0, 128, 255 })]
    public void Decode_Pnm_ScalesToEightBits(string text, int channels, int[] expected)
    {
        PixelImage image = ImageFormats.Decode([.. text.Select(character => (byte)character)]);

        Assert.AreEqual(channels, image.Channels);
        CollectionAssert.AreEqual(expected, image.Pixels.Select(value => (int)value).ToArray());
    }

    [TestMethod]
    [DataRow("refused/cmyk.jpg", "CMYK")]
    [DataRow("refused/arithmetic.jpg", "arithmetically")]
    public void Decode_KindThatIsNotRead_SaysWhich(string name, string reason)
    {
        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => Asset.Decode(name));

        StringAssert.Contains(exception.Message, reason);
    }

    [TestMethod]
    [DataRow("", "it is empty")]
    [DataRow("hello", "it is not a PNG, JPEG, BMP, PPM or PGM picture")]
    [DataRow("GIF89a", "but a GIF")]
    [DataRow("RIFF\0\0\0\0WEBPVP8 ", "but WebP")]
    [DataRow("version https://git-lfs.github.com/spec/v1", "git lfs pull")]
    [DataRow("<!DOCTYPE html>", "web page")]
    [DataRow("P6 1 1 100\n\u0000\u0032\u0065", "above its largest")]
    [DataRow("P6 2 1 255\nabcde", "ends early")]
    [DataRow("P5 0 1 255\nabcde", "0 × 1 pixels")]
    [DataRow("P5 90000 90000 255\nabcde", "90000 × 90000 pixels")]
    [DataRow("P5 9 9 70000\nabcde", "from 1 to 65535")]
    public void Decode_NoPicture_SaysWhatItIs(string text, string reason)
    {
        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(
            () => ImageFormats.Decode([.. text.Select(character => (byte)character)]));

        StringAssert.Contains(exception.Message, reason);
    }
}
