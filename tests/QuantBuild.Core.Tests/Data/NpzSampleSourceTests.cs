using System.IO.Compression;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class NpzSampleSourceTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Arrays_SeveralArrays_AreDescribedInOrderOfTheirNames()
    {
        NpzSampleSource source = Write(
            NamedArray.Of("labels", [3], [1L, 2L, 3L]),
            NamedArray.Of("image", [3, 1, 2, 2], new float[12]));

        CollectionAssert.AreEqual(new[] { "image", "labels" }, source.Arrays.Select(array => array.Name).ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 1, 2, 2 }, source.Arrays[0].Shape.ToArray());
        Assert.AreEqual(OnnxElementType.Float, source.Arrays[0].ElementType);
        Assert.AreEqual(OnnxElementType.Int64, source.Arrays[1].ElementType);
    }

    [TestMethod]
    [DataRow(OnnxElementType.Float16, 2)]
    [DataRow(OnnxElementType.Float, 4)]
    [DataRow(OnnxElementType.Double, 8)]
    [DataRow(OnnxElementType.Int8, 1)]
    [DataRow(OnnxElementType.Int16, 2)]
    [DataRow(OnnxElementType.Int32, 4)]
    [DataRow(OnnxElementType.Int64, 8)]
    [DataRow(OnnxElementType.UInt8, 1)]
    [DataRow(OnnxElementType.UInt16, 2)]
    [DataRow(OnnxElementType.UInt32, 4)]
    [DataRow(OnnxElementType.UInt64, 8)]
    [DataRow(OnnxElementType.Bool, 1)]
    public void TryRead_EveryElementType_GivesTheBytesOfTheFile(object type, int sizeBytes)
    {
        byte[] elements = [.. Enumerable.Range(0, 6 * sizeBytes).Select(i => (byte)i)];

        NpzSampleSource source = Write(new NamedArray("x", (OnnxElementType)type, [2, 3], elements));

        Assert.AreEqual((OnnxElementType)type, source.Arrays[0].ElementType);
        CollectionAssert.AreEqual(elements, ReadAll(source, "x")[0]);
    }

    [TestMethod]
    [DataRow(CompressionLevel.NoCompression)]
    [DataRow(CompressionLevel.Optimal)]
    public void TryRead_ArraysOfDifferentSizes_ReadsInLockstep(CompressionLevel compression)
    {
        const int Count = 500;
        float[] images = [.. Enumerable.Range(0, Count * 100).Select(i => (i * 7919 % 1000) / 8f)];
        long[] labels = [.. Enumerable.Range(0, Count).Select(i => (long)i * i)];
        NamedArray image = NamedArray.Of("image", [Count, 100], images);
        NamedArray label = NamedArray.Of("labels", [Count], labels);
        NpzWriter.Write(folder.File("data.npz"), compression, image, label);

        List<byte[]> read = ReadAll(Open(), "labels", "image");

        CollectionAssert.AreEqual(label.Bytes, read[0]);
        CollectionAssert.AreEqual(image.Bytes, read[1]);
    }

    [TestMethod]
    public void OpenReader_TwoReadersOfOneSource_AreIndependent()
    {
        NpzSampleSource source = Write(NamedArray.Of("x", [2], [10L, 20L]));
        byte[] first = new byte[8];
        byte[] second = new byte[8];
        using ISampleReader one = source.OpenReader(["x"]);
        using ISampleReader other = source.OpenReader(["x"]);

        one.TryRead([first]);
        one.TryRead([first]);
        other.TryRead([second]);

        Assert.AreEqual(20L, BitConverter.ToInt64(first));
        Assert.AreEqual(10L, BitConverter.ToInt64(second));
    }

    [TestMethod]
    public void OpenReader_DifferentNumbersOfSamples_IsRefused()
    {
        NpzSampleSource source = Write(NamedArray.Of("x", [2], [1L, 2L]), NamedArray.Of("y", [3], [1L, 2L, 3L]));

        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => source.OpenReader(["x", "y"]));

        Assert.AreEqual("QB4008", exception.Diagnostic.Code);
        StringAssert.Contains(exception.Message, "'x' has 2 samples, but 'y' has 3");
    }

    [TestMethod]
    public void Open_NoSamples_GivesAnEmptyArray()
    {
        NpzSampleSource source = Write(NamedArray.Of("x", [0, 4], ReadOnlySpan<float>.Empty));

        Assert.AreEqual(0L, source.Arrays[0].SampleCount);
        Assert.IsEmpty(ReadAll(source, "x")[0]);
    }

    [TestMethod]
    public void Open_ZerosPackedAThousandfold_AreAccepted()
    {
        NpzSampleSource source = Write(NamedArray.Of("x", [1000, 1000], new float[1_000_000]));

        Assert.IsTrue(ReadAll(source, "x")[0].All(value => value == 0));
    }

    [TestMethod]
    public void TryRead_TenTimesTheSamples_HoldsNoMoreMemory()
    {
        const int SampleLength = 1000;
        foreach (int count in new[] { 200, 2000 })
            NpzWriter.Write(folder.File($"{count}.npz"), NamedArray.Of("x", [count, SampleLength], new float[count * SampleLength]));

        BoundedMemory.AssertAllocationsDoNotGrow(200, 2000, count =>
        {
            using ISampleReader reader = NpzSampleSource.Open(folder.File($"{count}.npz"), "data.npz", null).OpenReader(["x"]);
            Memory<byte>[] destination = [new byte[SampleLength * sizeof(float)]];
            int samples = 0;
            while (reader.TryRead(destination))
                samples++;
            Assert.AreEqual(count, samples);
        });
    }

    private static List<byte[]> ReadAll(NpzSampleSource source, params string[] names)
    {
        SampleArray[] arrays = [.. names.Select(name => source.Arrays.Single(array => array.Name == name))];
        Memory<byte>[] buffers = [.. arrays.Select(array => new byte[array.SampleBytes])];
        List<List<byte>> all = [.. arrays.Select(_ => new List<byte>())];
        using ISampleReader reader = source.OpenReader(names);
        while (reader.TryRead(buffers))
        {
            for (int i = 0; i < buffers.Length; i++)
                all[i].AddRange(buffers[i].Span);
        }

        return [.. all.Select(bytes => bytes.ToArray())];
    }

    private NpzSampleSource Write(params NamedArray[] arrays)
    {
        NpzWriter.Write(folder.File("data.npz"), arrays);
        return Open();
    }

    private NpzSampleSource Open() => NpzSampleSource.Open(folder.File("data.npz"), "data.npz", null);
}
