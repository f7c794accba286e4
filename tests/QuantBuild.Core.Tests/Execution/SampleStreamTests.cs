using System.Runtime.InteropServices;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class SampleStreamTests
{
    [TestMethod]
    public void Read_FreeBatch_LastBatchIsSmaller()
    {
        SampleStream stream = new(Numbers("n,1", 10), SampleSelection.All, 4);

        CollectionAssert.AreEqual(new[] { "[4,1]: 0 1 2 3", "[4,1]: 4 5 6 7", "[2,1]: 8 9" }, Shown(stream));
    }

    [TestMethod]
    public void Read_FixedBatch_LastBatchIsFilledUpWithItsOwnSamples()
    {
        SampleStream stream = new(Numbers("4,1", 6), SampleSelection.All, 4);

        CollectionAssert.AreEqual(new[] { "[4,1]: 0 1 2 3", "[4,1]: 4 5 4 5" }, Shown(stream));
        CollectionAssert.AreEqual(new[] { (4, 4), (2, 4) }, stream.Read().Select(batch => (batch.Count, batch.Size)).ToArray());
    }

    [TestMethod]
    public void Read_FewerSamplesThanTheFixedBatch_OneBatchFilledUp() =>
        CollectionAssert.AreEqual(new[] { "[4,1]: 0 0 0 0" }, Shown(new SampleStream(Numbers("4,1", 1), SampleSelection.All, 4)));

    [TestMethod]
    public void Read_WholeInputs_HaveNoAxisForSamples() =>
        CollectionAssert.AreEqual(new[] { "[]: 0", "[]: 1", "[]: 2" }, Shown(new SampleStream(Numbers("", 3), SampleSelection.All, 1)));

    [TestMethod]
    public void Read_EveryPartLimitAndBatch_GivesTheSelectedSamplesInOrder()
    {
        foreach (SamplePart part in Enum.GetValues<SamplePart>())
            foreach (long? limit in new long?[] { null, 0, 1, 4, 9, 100 })
                foreach (int batch in new[] { 1, 2, 3, 32 })
                {
                    SampleSelection selection = new(limit, part);
                    SampleStream stream = new(Numbers("n,1", 13), selection, batch);
                    float[] expected = [.. Enumerable.Range(0, 13).Where(index => selection.Includes(index)).Select(index => (float)index)];

                    CollectionAssert.AreEqual(expected, Values(stream), $"{selection}, batch {batch}");
                    Assert.AreEqual(expected.Length, stream.Count);
                }
    }

    [TestMethod]
    public void Read_Twice_GivesTheSame()
    {
        SampleStream stream = new(Numbers("n,1", 7), SampleSelection.All, 3);

        CollectionAssert.AreEqual(Shown(stream), Shown(stream));
    }

    [TestMethod]
    public void Read_Labels_OnePerRealSample()
    {
        foreach (NamedArray labels in new[]
        {
            NamedArray.Of<long>("labels", OnnxElementType.Int64, [5], [10, 11, 12, 13, -1]),
            NamedArray.Of<int>("labels", OnnxElementType.Int32, [5, 1], [10, 11, 12, 13, -1]),
        })
        {
            SampleStream stream = new(Numbers("4,1", 5, labels), SampleSelection.All, 4);

            Assert.IsTrue(stream.HasLabels);
            CollectionAssert.AreEqual(new long[] { 10, 11, 12, 13, -1 }, stream.Read().SelectMany(batch => batch.Labels).ToArray());
        }
    }

    [TestMethod]
    public void Take_EveryPartAndCount_GivesTheFirstSelectedSamples()
    {
        foreach (SamplePart part in Enum.GetValues<SamplePart>())
            foreach (long? limit in new long?[] { null, 10 })
                for (int count = 0; count <= 14; count++)
                {
                    SampleStream whole = new(Numbers("n,1", 13), new SampleSelection(limit, part), 3);
                    float[] expected = [.. Values(whole).Take(count)];

                    CollectionAssert.AreEqual(expected, Values(whole.Take(count)), $"{part}, limit {limit}, {count}");
                    Assert.AreEqual(expected.Length, whole.Take(count).Count, $"{part}, limit {limit}, {count}");
                }
    }

    [TestMethod]
    public void Read_ManySamples_HoldsOneBatch()
    {
        BoundedMemory.AssertPeakDoesNotGrow(1_000, 8_000, (count, probe) =>
        {
            foreach (SampleBatch batch in new SampleStream(Numbers("n,16", count), SampleSelection.All, 8).Read())
                probe();
        });
    }

    private static SampleBinding Numbers(string shape, int count, params NamedArray[] labels)
    {
        ModelBuilder model = new ModelBuilder().Input("x", shape);
        var problems = new DiagnosticBag();
        ISampleSource source = shape.EndsWith("16", StringComparison.Ordinal)
            ? new CountingSource(count, 16)
            : new ArraySampleSource([Samples(shape, count), .. labels]);
        SampleBinding? binding = SampleBinding.Bind(source, model.Build().Signature, new DiagnosticOrigin("model.onnx"), problems);
        return binding ?? throw new AssertFailedException(problems.Diagnostics[0].ToString());
    }

    private static NamedArray Samples(string shape, int count) =>
        NamedArray.Of("x", shape.Length == 0 ? [count] : [count, 1], [.. Enumerable.Range(0, count).Select(index => (float)index)]);

    private static string[] Shown(SampleStream stream) =>
    [
        .. stream.Read().Select(batch => $"[{string.Join(",", batch.Inputs[0].Shape)}]: "
            + string.Join(' ', MemoryMarshal.Cast<byte, float>(batch.Inputs[0].Bytes.Span).ToArray())),
    ];

    private static float[] Values(SampleStream stream) =>
        [.. stream.Read().SelectMany(batch => MemoryMarshal.Cast<byte, float>(batch.Inputs[0].Bytes.Span)[..batch.Count].ToArray())];

    /// <summary>Samples that take no memory of their own.</summary>
    private sealed class CountingSource(long count, long length) : ISampleSource
    {
        public string DisplayPath => "counted";

        public IReadOnlyList<SampleArray> Arrays { get; } = [new SampleArray("x", OnnxElementType.Float, [count, length])];

        public ISampleReader OpenReader(IReadOnlyList<string> arrays) => new Reader(count);

        private sealed class Reader(long left) : ISampleReader
        {
            private long left = left;

            public bool TryRead(IReadOnlyList<Memory<byte>> destinations) => left-- > 0;

            public void Dispose()
            {
            }
        }
    }
}
