using QuantBuild.Onnx;
using QuantBuild.Rewriting;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Rewriting;

[TestClass]
public sealed class BrainPrecisionTests
{
    [TestMethod]
    [DataRow(new[] { 66000.5f, -65536f, 0f }, "every value counts, and bfloat16 has 8 bits")]
    [DataRow(new[] { 1048576f, -0.5f, 0f }, null, DisplayName = "powers of two")]
    [DataRow(new[] { 1f, float.MaxValue }, "values beyond the range of bfloat16")]
    public void WhyNot_EveryValueCounts(float[] values, string? reason) => Assert.AreEqual(reason, BrainPrecision.WhyNot(values, summed: false));

    [TestMethod]
    public void WhyNot_Summed_TheSumCounts()
    {
        Assert.IsNull(BrainPrecision.WhyNot(SeededValues.Floats("w", -1e20f, 1e20f, 1000), summed: true));
        // Half a step beside a power of two is the worst case of all.
        Assert.AreEqual("bfloat16 has too few bits", BrainPrecision.WhyNot([.. Enumerable.Repeat(MathF.ScaleB(1.00390625f, 66), 4)], summed: true));
    }

    [TestMethod]
    public void Round_EveryValue_IsTheNearest()
    {
        float[] values = [.. SeededValues.Floats("w", -1, 1, 100), 1.00390625f, 1.01171875f, -0f];
        ushort[] rounded = BrainPrecision.Round(OnnxTensor.Float([values.Length], values)).Values<ushort>().ToArray();

        for (int i = 0; i < values.Length; i++)
        {
            double distance = Math.Abs(values[i] - Float(rounded[i]));
            foreach (int neighbour in (int[])[-1, 1])
            {
                double other = Math.Abs(values[i] - Float((ushort)(rounded[i] + neighbour)));
                Assert.IsTrue(distance < other || (distance == other && rounded[i] % 2 == 0) || !double.IsFinite(other), $"{values[i]}");
            }
        }

        static double Float(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);
    }
}
