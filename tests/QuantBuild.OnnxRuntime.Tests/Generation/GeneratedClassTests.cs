using Microsoft.ML.OnnxRuntime;
using QuantBuild.Onnx;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>The generated class of a real model, run and compared with the session of the runtime itself.</summary>
[TestClass]
public sealed class GeneratedClassTests
{
    private const int PixelsPerImage = 28 * 28;
    private const int Classes = 10;

    private const string Methods = """
        public static (float[], long[]) Run(float[] image)
        {
            using Model model = Model.Load();
            ModelOutput output = model.Run(image);
            return (output.Logits.ToArray(), output.LogitsShape.ToArray());
        }

        public static float[] RunWithOptions(float[] image)
        {
            using SessionOptions options = new SessionOptions { IntraOpNumThreads = 1 };
            using (Model.Load(options)) { }
            using Model model = Model.Load(options);
            return model.Run(image).Logits.ToArray();
        }

        public static float[][] RunInParallel(float[][] images)
        {
            using Model model = Model.Load();
            return images.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(image => model.Run(image).Logits.ToArray()).ToArray();
        }

        public static byte[] ModelBytes()
        {
            using System.IO.Stream stream = Model.OpenModel();
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }

        public static bool RunAfterDispose(float[] image)
        {
            Model model = Model.Load();
            model.Dispose();
            model.Dispose();
            model.Run(image);
            return true;
        }

        public static bool LoadWithoutOptions() => Model.Load((SessionOptions)null) != null;
        """;

    private static readonly byte[] model = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Models", "digits.onnx"));

    private static readonly ModelSignature signature = new(
        [new TensorSignature("image", OnnxElementType.Float, [new(null, "batch"), new(1, null), new(28, null), new(28, null)])],
        [new TensorSignature("logits", OnnxElementType.Float, [new(null, "batch"), new(Classes, null)])]);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Run_RealModel_GivesWhatTheSessionGives(int batch)
    {
        float[] images = Images(batch, seed: batch);
        using GeneratedProgram program = new(signature, model, Methods);
        (float[] logits, long[] shape) = program.Call<(float[], long[])>("Run", images);
        CollectionAssert.AreEqual(Expected(images), logits);
        CollectionAssert.AreEqual(new long[] { batch, Classes }, shape);
    }

    [TestMethod]
    public void Load_Options_StayTheCallers()
    {
        float[] images = Images(2, seed: 1);
        using GeneratedProgram program = new(signature, model, Methods);
        CollectionAssert.AreEqual(Expected(images), program.Call<float[]>("RunWithOptions", images));
    }

    [TestMethod]
    public void Run_SeveralThreads_GivesEachItsOwn()
    {
        float[][] images = [.. Enumerable.Range(0, 64).Select(seed => Images(1 + (seed % 3), seed))];
        using GeneratedProgram program = new(signature, model, Methods);
        float[][] logits = program.Call<float[][]>("RunInParallel", (object)images);
        for (int index = 0; index < images.Length; index++)
            CollectionAssert.AreEqual(Expected(images[index]), logits[index]);
    }

    [TestMethod]
    public void OpenModel_Resource_IsTheFile()
    {
        using GeneratedProgram program = new(signature, model, Methods);
        CollectionAssert.AreEqual(model, program.Call<byte[]>("ModelBytes"));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(PixelsPerImage - 1)]
    [DataRow(PixelsPerImage + 1)]
    public void Run_LengthThatDoesNotFit_NamesInputShapeAndLength(int length)
    {
        using GeneratedProgram program = new(signature, model, Methods);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => program.Call<(float[], long[])>("Run", new float[length]));
        Assert.AreEqual("image", error.ParamName);
        StringAssert.StartsWith(
            error.Message,
            $"The input 'image' has the shape [batch,1,28,28], so its length must be a positive multiple of 784, but it is {length}.",
            StringComparison.Ordinal);
    }

    [TestMethod]
    public void Run_AfterDispose_IsRefused()
    {
        using GeneratedProgram program = new(signature, model, Methods);
        Assert.ThrowsExactly<ObjectDisposedException>(() => program.Call<bool>("RunAfterDispose", Images(1, seed: 0)));
    }

    [TestMethod]
    public void Load_NoOptions_IsRefused()
    {
        using GeneratedProgram program = new(signature, model, Methods);
        Assert.ThrowsExactly<ArgumentNullException>(() => program.Call<bool>("LoadWithoutOptions"));
    }

    [TestMethod]
    public void Load_ResourceMissing_SaysSo()
    {
        using GeneratedProgram program = new(signature, null, Methods);
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => program.Call<(float[], long[])>("Run", Images(1, seed: 0)));
        StringAssert.Contains(error.Message, "no resource 'QuantBuild.model.onnx'", StringComparison.Ordinal);
    }

    private static float[] Images(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count * PixelsPerImage).Select(_ => random.NextSingle())];
    }

    private static float[] Expected(float[] images)
    {
        using InferenceSession session = new(model);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(images, [images.Length / PixelsPerImage, 1, 28, 28]);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["image"], [input], ["logits"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
