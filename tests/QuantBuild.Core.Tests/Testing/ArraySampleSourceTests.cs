using QuantBuild.Data;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Testing;

[TestClass]
public sealed class ArraySampleSourceTests
{
    [TestMethod]
    public void ArraySampleSource_SameArraysAsAnNpzFile_ReadsTheSame()
    {
        NamedArray[] arrays = [NamedArray.Of("labels", [3], [7L, 8L, 9L]), NamedArray.Of("image", [3, 2], [1f, 2f, 3f, 4f, 5f, 6f])];
        using TemporaryFolder folder = new();
        NpzWriter.Write(folder.File("data.npz"), arrays);

        string expected = ReadAll(NpzSampleSource.Open(folder.File("data.npz"), "data.npz", null));

        Assert.AreEqual(expected, ReadAll(new ArraySampleSource(arrays)));
        Assert.AreEqual("image,labels: 0000803F00000040 0700000000000000; 0000404000008040 0800000000000000; 0000A0400000C040 0900000000000000;", expected);
    }

    private static string ReadAll(ISampleSource source)
    {
        string[] names = [.. source.Arrays.Select(array => array.Name)];
        byte[][] buffers = [.. source.Arrays.Select(array => new byte[array.SampleBytes])];
        string text = string.Join(",", names) + ":";
        using ISampleReader reader = source.OpenReader(names);
        while (reader.TryRead([.. buffers.Select(buffer => buffer.AsMemory())]))
            text += string.Concat(buffers.Select(buffer => " " + Convert.ToHexString(buffer))) + ";";
        return text;
    }
}
