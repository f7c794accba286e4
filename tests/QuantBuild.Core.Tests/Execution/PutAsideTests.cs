using System.Runtime.InteropServices;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Execution;

[TestClass]
public sealed class PutAsideTests
{
    private const int Floats = 1 << 14;

    [TestMethod]
    [DataRow(long.MaxValue)]
    [DataRow(0)]
    [DataRow(5 * Floats * sizeof(float))]
    public void Get_AnyLimit_WhatWasAdded(long mostBytes)
    {
        using var aside = new PutAside(mostBytes);
        for (int batch = 0; batch < 4; batch++)
            foreach (string name in new[] { "a", "b" })
                Add(aside, name, batch);
        aside.Drop("a");

        InputTensor tensor = aside.Get("b", 3);

        Assert.AreEqual("b", tensor.Name);
        Assert.AreEqual(OnnxElementType.Float, aside.TypeOf("b"));
        CollectionAssert.AreEqual(new long[] { 2, Floats / 2 }, tensor.Shape.ToArray());
        CollectionAssert.AreEqual(Values("b", 3), MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span).ToArray());
        Assert.ThrowsExactly<KeyNotFoundException>(() => aside.Get("a", 0));
    }

    [TestMethod]
    public void Add_OutOfOrder_Refused()
    {
        using var aside = new PutAside();

        Assert.ThrowsExactly<ArgumentException>(() => Add(aside, "a", 1));
    }

    [TestMethod]
    public void Add_ManyBatches_MemoryDoesNotGrow() => BoundedMemory.AssertPeakDoesNotGrow(20, 200, (batches, probe) =>
    {
        using var aside = new PutAside(4 * Floats * sizeof(float));
        for (int batch = 0; batch < batches; batch++)
        {
            Add(aside, "a", batch);
            probe();
        }
        for (int batch = 0; batch < batches; batch++)
            _ = aside.Get("a", batch);
    });

    private static void Add(PutAside aside, string name, int batch) =>
        aside.Add(name, batch, new OutputTensor(OnnxElementType.Float, [2, Floats / 2], MemoryMarshal.AsBytes(Values(name, batch).AsSpan())));

    private static float[] Values(string name, int batch) => SeededValues.Floats($"{name}{batch}", -1, 1, Floats);
}
