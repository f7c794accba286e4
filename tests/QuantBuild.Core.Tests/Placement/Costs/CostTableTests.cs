using QuantBuild.Placement.Costs;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Placement.Costs;

[TestClass]
public sealed class CostTableTests
{
    public static IEnumerable<object[]> Profiles => Enum.GetValues<TargetProfile>().Select(profile => new object[] { profile.ToString() });

    /// <summary>Every name has a row of its own or one for nodes between convolutions.</summary>
    [TestMethod]
    [DynamicData(nameof(Profiles))]
    public void EveryTable_HasARowForEveryKernel(string target)
    {
        var profile = Enum.Parse<TargetProfile>(target);
        var table = CostTable.Of(profile);
        IEnumerable<string> names = typeof(KernelNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(name => !name.EndsWith('/'));

        foreach (string name in names)
            Assert.IsNotNull(table.Find(name) ?? table.Find(KernelNames.BehindConvolution + name), name);
        foreach (string kernel in new[] { KernelNames.Convolution, KernelNames.Pointwise, KernelNames.Depthwise })
            Assert.IsNotNull(table.Find(KernelNames.AlongOneAxis + kernel), kernel);
        foreach (int bits in new[] { 2, 4, 8 })
            foreach (int level in new[] { 1, 4 })
                Assert.IsNotNull(table.Find(KernelNames.PackedProductOf(bits, level, 32)));
    }

    /// <summary>The ratios of the forms on AVX2 without dot products that README.md beside the tables derives the factors from.</summary>
    [TestMethod]
    public void X64_ReproducesWhatWasMeasured()
    {
        KernelWork product = MatrixWork.WithConstant(128, 768, 768);
        KernelWork packed = MatrixWork.WithPacked(128, 768, 768, 32);
        const double positions = 28 * 28;
        KernelWork pointwise = ConvolutionWork.Float(96, 192, positions, positions, 1, 1);
        KernelWork pointwiseCodes = ConvolutionWork.Integer(96, 192, positions, positions, 1, 1);

        Assert.AreEqual(1.9, Ratio(KernelNames.DynamicProduct, product, product), 0.1);
        Assert.AreEqual(1.5, Ratio(KernelNames.Pointwise, pointwise, pointwiseCodes), 0.1);
        Assert.AreEqual(0.9, Ratio(KernelNames.PackedProductOf(4, 4, 32), product, packed), 0.1);
        Assert.AreEqual(0.6, Ratio(KernelNames.PackedProductOf(8, 4, 32), product, packed), 0.1);
        Assert.AreEqual(0.6, Ratio(KernelNames.LeakyRelu, KernelWork.Elements(150_000, 150_000), KernelWork.Elements(150_000, 150_000)), 0.1);
        Assert.AreEqual(0.4, Ratio(KernelNames.Softmax, KernelWork.Elements(150_000, 150_000), KernelWork.Elements(150_000, 150_000)), 0.1);

        static double Ratio(string kernel, KernelWork inFloat, KernelWork inIntegers) =>
            CostTable.Of(TargetProfile.X64).Of(kernel) is var row ? row.Float.Of(inFloat) / row.Integer.Of(inIntegers) : double.NaN;
    }

    [TestMethod]
    public void Of_MachineThatWasTimed_ScalesTheFamiliesOfTheKernels()
    {
        var timed = new MachineKernels(new(StringComparer.Ordinal)
        {
            [KernelNames.MatrixProduct] = new KernelFactors(2, 5),
            [KernelNames.Depthwise] = new KernelFactors(3, 7),
        });
        QuantizationSettings settings = TestSettings.Of(QuantizationScheme.Static) with { TargetProfile = TargetProfile.Machine, MachineKernels = timed };

        var table = CostTable.Of(settings);

        AssertScaled(KernelNames.MatrixProduct, 2, 5);
        AssertScaled(KernelNames.DynamicLstm, 2, 5);
        AssertScaled(KernelNames.PackedProductOf(4, 4, 32), 2, 5);
        AssertScaled(KernelNames.PackedProductOf(4, 1, 32), 2, 2);
        AssertScaled(KernelNames.AlongOneAxis + KernelNames.Depthwise, 3, 7);
        AssertScaled(KernelNames.Convolution, 1, 1);
        Assert.AreEqual(TargetProfile.Machine, table.Profile);

        void AssertScaled(string kernel, double inFloat, double inIntegers)
        {
            Assert.AreEqual(CostTable.Of(TargetProfile.X64Vnni).Of(kernel).Times(new KernelFactors(inFloat, inIntegers)), table.Of(kernel), kernel);
        }
    }

    [TestMethod]
    public void X64Vnni_LargeProducts_AreFasterInIntegers()
    {
        KernelCostPair product = CostTable.Of(TargetProfile.X64Vnni).Of(KernelNames.MatrixProduct);
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
        KernelCostPair integers = CostTable.Of(TargetProfile.X64Vnni).Of(KernelNames.PackedProductOf(bits, 4, 32));
        KernelCostPair floats = CostTable.Of(TargetProfile.X64Vnni).Of(KernelNames.PackedProductOf(bits, 1, 32));
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
