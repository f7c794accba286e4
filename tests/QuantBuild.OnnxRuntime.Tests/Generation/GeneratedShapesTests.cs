using QuantBuild.Onnx;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Inputs of several unknown dimensions: what fits goes through, what does not is refused before it reaches the runtime.</summary>
[TestClass]
public sealed class GeneratedShapesTests
{
    private static readonly OnnxDimension batch = new(null, "batch");
    private static readonly OnnxDimension sequence = new(null, "sequence");

    [TestMethod]
    public void Run_TwoUnknownDimensions_TakesBoth()
    {
        using GeneratedProgram program = TwoInputs();
        CollectionAssert.AreEqual(new long[] { 2, 3 }, program.Call<long[]>("ShapeOfA", new long[6], new long[6], 2L, 3L));
        CollectionAssert.AreEqual(new long[] { 3, 2 }, program.Call<long[]>("ShapeOfA", new long[6], new long[6], 3L, 2L));
    }

    [TestMethod]
    public void Run_DimensionOfZero_IsAnEmptyTensor()
    {
        using GeneratedProgram program = TwoInputs();
        long[] nothing = [];
        CollectionAssert.AreEqual(new long[] { 2, 0 }, program.Call<long[]>("ShapeOfA", nothing, nothing, 2L, 0L));
    }

    [TestMethod]
    [DataRow(5, 6, 2L, 3L, "a", "The input 'a' has the shape [batch,sequence], here [2,3], so its length must be 6, but it is 5.")]
    [DataRow(6, 5, 2L, 3L, "b", "The input 'b' has the shape [batch,sequence], here [2,3], so its length must be 6, but it is 5.")]
    [DataRow(6, 6, -2L, -3L, "a", "The input 'a' has the shape [batch,sequence], for which the dimensions [-2,-3] are negative or too large.")]
    [DataRow(0, 0, 4294967296L, 4294967296L, "a",
        "The input 'a' has the shape [batch,sequence], for which the dimensions [4294967296,4294967296] are negative or too large.")]
    public void Run_LengthThatDoesNotFitTheDimensions_IsRefused(int a, int b, long batch, long sequence, string parameter, string message)
    {
        using GeneratedProgram program = TwoInputs();
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => program.Call<long[]>("ShapeOfA", new long[a], new long[b], batch, sequence));
        Assert.AreEqual(parameter, error.ParamName);
        StringAssert.StartsWith(error.Message, message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Run_EqualSymbols_MustAgree()
    {
        TensorSignature[] values =
            [new("a", OnnxElementType.Float, [batch, new(3, null)]), new("b", OnnxElementType.Float, [batch, sequence]), Fixed("c", 2)];
        using GeneratedProgram program = new(IdentityModel.SignatureOf(values), IdentityModel.Of(values), """
            public static long[] ShapeOfB(float[] a, float[] b, float[] c)
            {
                using Model model = Model.Load();
                return model.Run(a, b, c).OutBShape.ToArray();
            }
            """);
        CollectionAssert.AreEqual(new long[] { 2, 5 }, program.Call<long[]>("ShapeOfB", new float[6], new float[10], new float[2]));
        ArgumentException symbol = Assert.ThrowsExactly<ArgumentException>(
            () => program.Call<long[]>("ShapeOfB", new float[6], new float[9], new float[2]));
        StringAssert.StartsWith(
            symbol.Message,
            "The input 'b' has the shape [batch,sequence], so its length must be a positive multiple of 2, but it is 9.",
            StringComparison.Ordinal);
        ArgumentException @fixed = Assert.ThrowsExactly<ArgumentException>(
            () => program.Call<long[]>("ShapeOfB", new float[6], new float[10], new float[3]));
        StringAssert.StartsWith(
            @fixed.Message, "The input 'c' has the shape [2], so its length must be 2, but it is 3.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Run_UnknownRank_TakesTheShapeOfTheCaller()
    {
        TensorSignature value = new("x", OnnxElementType.Float, null);
        using GeneratedProgram program = new(IdentityModel.SignatureOf(value), IdentityModel.Of(value), """
            public static long[] Shape(float[] x, long[] shape)
            {
                using Model model = Model.Load();
                return model.Run(x, shape).OutXShape.ToArray();
            }
            """);
        CollectionAssert.AreEqual(new long[] { 1, 2, 3 }, program.Call<long[]>("Shape", new float[6], new long[] { 1, 2, 3 }));
        CollectionAssert.AreEqual(Array.Empty<long>(), program.Call<long[]>("Shape", new float[1], Array.Empty<long>()));
        Assert.ThrowsExactly<ArgumentException>(() => program.Call<long[]>("Shape", new float[6], new long[] { 7 }));
    }

    private static TensorSignature Fixed(string name, long length) => new(name, OnnxElementType.Float, [new(length, null)]);

    private static GeneratedProgram TwoInputs()
    {
        TensorSignature[] values = [new("a", OnnxElementType.Int64, [batch, sequence]), new("b", OnnxElementType.Int64, [batch, sequence])];
        return new GeneratedProgram(IdentityModel.SignatureOf(values), IdentityModel.Of(values), """
            public static long[] ShapeOfA(long[] a, long[] b, long batch, long sequence)
            {
                using Model model = Model.Load();
                return model.Run(a, b, batch, sequence).OutAShape.ToArray();
            }
            """);
    }
}
