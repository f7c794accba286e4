using QuantBuild.Onnx;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>The classes with the highest scores, from a model whose scores are its input.</summary>
[TestClass]
public sealed class GeneratedPredictionsTests
{
    private const string Methods = """
        public static string Run(float[] scores, int k, int sample, bool softmax)
        {
            using Model model = Model.Load();
            ModelOutput output = model.Run(scores);
            ModelPrediction[] best = (sample, softmax) switch
            {
                (-1, false) => output.Top(k),
                (-1, true) => output.TopProbabilities(k),
                (_, false) => output.Top(k, sample),
                _ => output.TopProbabilities(k, sample),
            };
            if (best.Any(prediction => prediction.Label != Model.Labels[prediction.Index]))
                throw new Exception("a label of another class");
            return string.Join(" ", best);
        }
        """;

    private static readonly GeneratedProgram program = Create();

    [ClassCleanup]
    public static void Unload() => program.Dispose();

    [TestMethod]
    [DataRow(new[] { 0.1f, 0.5f, 0.2f, 0.4f }, 2, "b 0.5 d 0.4")]
    [DataRow(new[] { 0.1f, 0.5f, 0.2f, 0.4f }, 9, "b 0.5 d 0.4 c 0.2 a 0.1")]
    [DataRow(new[] { 1f, 2f, 2f, 2f }, 3, "b 2 c 2 d 2")]
    [DataRow(new[] { 0f, -0f, 0f, -0f }, 4, "a 0 b -0 c 0 d -0")]
    [DataRow(new[] { float.NaN, float.NegativeInfinity, float.NaN, float.PositiveInfinity }, 4, "d Infinity b -Infinity a NaN c NaN")]
    [DataRow(new[] { 1f, 2f, 3f, 4f }, 0, "")]
    public void Top_OneSample_IsInOrder(float[] scores, int k, string expected) => Assert.AreEqual(expected, Run(scores, k));

    [TestMethod]
    [DataRow(new[] { 1000f, 1001f, 0f, -1000f }, "b 0.7311 a 0.2689 c 0 d 0")]
    [DataRow(new[] { 0f, 0f, 0f, 0f }, "a 0.25 b 0.25 c 0.25 d 0.25")]
    [DataRow(new[] { float.NegativeInfinity, 0f, float.NegativeInfinity, 0f }, "b 0.5 d 0.5 a 0 c 0")]
    [DataRow(new[] { float.PositiveInfinity, 0f, float.PositiveInfinity, 0f }, "a 0.5 c 0.5 b 0 d 0")]
    [DataRow(new[] { float.NaN, 0f, 0f, float.NegativeInfinity }, "b 0.5 c 0.5 d 0 a NaN")]
    public void TopProbabilities_OneSample_AreTheSoftmax(float[] scores, string expected) => Assert.AreEqual(expected, Run(scores, 4, softmax: true));

    [TestMethod]
    public void Top_Batch_IsThatOfTheSample()
    {
        float[] batch = [1, 2, 3, 4, 8, 7, 6, 5];
        Assert.AreEqual("d 4", Run(batch, 1, sample: 0));
        Assert.AreEqual("a 8 b 7", Run(batch, 2, sample: 1));
        Assert.AreEqual("a 0.6439", Run(batch, 1, sample: 1, softmax: true));
    }

    [TestMethod]
    public void Top_WrongArguments_AreRefused()
    {
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Run(new float[8], 1)).Message, "2 samples");
        Assert.AreEqual("sample", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Run(new float[8], 1, sample: 2)).ParamName);
        Assert.AreEqual("sample", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Run(new float[8], 1, sample: -2)).ParamName);
        Assert.AreEqual("k", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Run(new float[4], -1)).ParamName);
    }

    private static string Run(float[] scores, int k, int sample = -1, bool softmax = false) => program.Call<string>("Run", scores, k, sample, softmax);

    private static GeneratedProgram Create()
    {
        TensorSignature value = new("x", OnnxElementType.Float, [new(null, "N"), new(4, null)]);
        return new GeneratedProgram(IdentityModel.SignatureOf(value), IdentityModel.Of(value), Methods, labels: ["a", "b", "c", "d"]);
    }
}
