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
}
