using QuantBuild.Placement.Costs;

namespace QuantBuild.Core.Tests.Placement.Costs;

[TestClass]
public sealed class CostTableTests
{
    /// <summary>Every name has a row of its own or one for nodes between convolutions.</summary>
    [TestMethod]
    public void X64Vnni_HasARowForEveryKernel()
    {
        IEnumerable<string> names = typeof(KernelNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(name => !name.EndsWith('/'));

        foreach (string name in names)
            Assert.IsNotNull(CostTable.X64Vnni.Find(name) ?? CostTable.X64Vnni.Find(KernelNames.BehindConvolution + name), name);
    }

    [TestMethod]
    [DataRow(KernelNames.Convolution)]
    [DataRow(KernelNames.Pointwise)]
    [DataRow(KernelNames.Depthwise)]
    public void X64Vnni_HasARowForConvolutionsAlongOneAxis(string kernel) =>
        Assert.IsNotNull(CostTable.X64Vnni.Find(KernelNames.AlongOneAxis + kernel));

    [TestMethod]
    public void X64Vnni_LargeProducts_AreFasterInIntegers()
    {
        KernelCostPair product = CostTable.X64Vnni.Of(KernelNames.MatrixProduct);
        KernelWork work = MatrixWork.WithConstant(128, 768, 768);

        Assert.IsGreaterThan(2 * product.Integer.Of(work), product.Float.Of(work));
    }

    /// <summary>The facts that forms are chosen by: few rows are faster packed, and codes of 2 and 8 bits want activations in integers.</summary>
    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    [DataRow(8)]
    public void X64Vnni_PackedProducts_AreFasterForOneRow(int bits)
    {
        KernelCostPair integers = CostTable.X64Vnni.Of(KernelNames.PackedProductOf(bits, 4, 32));
        KernelCostPair floats = CostTable.X64Vnni.Of(KernelNames.PackedProductOf(bits, 1, 32));
        KernelWork row = MatrixWork.WithConstant(1, 768, 768);
        KernelWork packedRow = MatrixWork.WithPacked(1, 768, 768, 32);

        Assert.IsGreaterThan(2 * integers.Integer.Of(packedRow), integers.Float.Of(row));
        Assert.AreEqual(bits == 4, floats.Integer.Of(packedRow) < floats.Float.Of(row));
    }

    [TestMethod]
    public void PackedProductOf_ShortBlocksOfTwoBits_HaveNoIntegerKernel()
    {
        Assert.AreEqual(KernelNames.PackedProductOf(2, 1, 16), KernelNames.PackedProductOf(2, 4, 16));
        Assert.AreNotEqual(KernelNames.PackedProductOf(2, 1, 32), KernelNames.PackedProductOf(2, 4, 32));
    }
}
