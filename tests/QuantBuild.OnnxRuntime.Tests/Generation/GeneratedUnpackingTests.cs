using System.Security.Cryptography;
using QuantBuild.Generation;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime.Tests.Pipeline;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Classes whose embedded model is compressed.</summary>
[TestClass]
public sealed class GeneratedUnpackingTests
{
    private const string Methods = """
        public static float[] Load()
        {
            using Model model = Model.Load();
            return model.Run(new float[] { 1, 2 }).OutX.ToArray();
        }

        public static float[] LoadWithSessionOptions()
        {
            using SessionOptions options = new SessionOptions();
            using Model model = Model.Load(options);
            return model.Run(new float[] { 3 }).OutX.ToArray();
        }

        public static float[] LoadAsync()
        {
            using Model model = Model.LoadAsync().Result;
            return model.Run(new float[] { 1, 2 }).OutX.ToArray();
        }

        public static float[] LoadFrom(string path)
        {
            using Model model = Model.LoadFrom(path);
            return model.Run(new float[] { 1, 2 }).OutX.ToArray();
        }

        public static byte[] OpenModel()
        {
            using System.IO.Stream stream = Model.OpenModel();
            using System.IO.MemoryStream bytes = new System.IO.MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        """;

    private static readonly TensorSignature value = new("x", OnnxElementType.Float, [new(null, "N")]);
    private static readonly byte[] model = IdentityModel.Of(value);

    [TestMethod]
    public void Load_EveryWay_RunsTheModelThatWasPacked()
    {
        using GeneratedProgram program = Program(Pack(model), model);

        CollectionAssert.AreEqual(new float[] { 1, 2 }, program.Call<float[]>("Load"));
        CollectionAssert.AreEqual(new float[] { 3 }, program.Call<float[]>("LoadWithSessionOptions"));
        CollectionAssert.AreEqual(new float[] { 1, 2 }, program.Call<float[]>("LoadAsync"));
        CollectionAssert.AreEqual(model, program.Call<byte[]>("OpenModel"));
    }

    [TestMethod]
    public void LoadFrom_TheModelThatWasBuilt_IsAPlainFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("copy.onnx"), model);
        using GeneratedProgram program = Program(Pack(model), model);

        CollectionAssert.AreEqual(new float[] { 1, 2 }, program.Call<float[]>("LoadFrom", folder.File("copy.onnx")));
    }

    [TestMethod]
    public void Load_ResourceOfAnotherBuild_IsRefused()
    {
        byte[] other = IdentityModel.Of(value, value with { Name = "y" });
        byte[] longer = [.. model, 0];
        byte[] changed = [.. model];
        changed[^1] ^= 1;

        Assert.ThrowsExactly<InvalidDataException>(() => Load(other, built: [.. other.Reverse()]));
        Assert.ThrowsExactly<InvalidDataException>(() => Load(longer, built: model));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load(changed, built: model)).Message, "is not the one");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Load(model, built: longer)).Message, "is incomplete");

        static float[] Load(byte[] content, byte[] built)
        {
            using GeneratedProgram program = Program(Pack(content), built);
            return program.Call<float[]>("Load");
        }
    }

    [TestMethod]
    public void Load_DamagedResource_NeverRuns()
    {
        byte[] packed = Pack(model);
        for (int length = 0; length < packed.Length; length += 7)
        {
            using GeneratedProgram program = Program(packed[..length], model);
            Assert.Throws<Exception>(() => program.Call<float[]>("Load"));
        }
    }

    [TestMethod]
    public void Pipeline_Brotli_LeavesThePackedModelOfEveryVariantAndTheClassReadsIt()
    {
        string[] variants = ["WeightOnly8", "Float16"];
        using PipelineProject project = new PipelineProject()
            .WithModel("digits", TestModels.Digits(), ("Compression", "Brotli")).WithVariants(variants).GenerateAll().QuantizeAll();
        using var program = new VariantProgram(
            project,
            "digits",
            variants,
            """
            public static bool Runs(string name)
            {
                using Digits model = Digits.Load((DigitsVariant)Enum.Parse(typeof(DigitsVariant), name));
                return model.Run(new float[784]).Logits.Length == 10;
            }
            """,
            "onnx.br");

        foreach (string variant in variants)
            Assert.IsTrue(program.Call<bool>("Runs", variant));
    }

    [TestMethod]
    public void Pipeline_CompressionTakenOff_LeavesNoPackedModel()
    {
        using PipelineProject project = PipelineProject.Digits(("Scheme", "WeightOnly"));
        string packed = project.Output("digits.onnx.br");

        project.QuantizeAll(("QuantBuildCompression", "Brotli"));
        Assert.AreEqual(project.Report("digits").GetProperty("size").GetProperty("compressedBytes").GetInt64(), new FileInfo(packed).Length);
        Assert.IsLessThan(new FileInfo(project.Output("digits.onnx")).Length, new FileInfo(packed).Length);
        byte[] first = File.ReadAllBytes(packed);
        project.QuantizeAll(("QuantBuildCompression", "Brotli"));
        CollectionAssert.AreEqual(first, File.ReadAllBytes(packed));

        project.QuantizeAll();
        Assert.IsFalse(File.Exists(packed));
    }

    private static GeneratedProgram Program(byte[] resource, byte[] built) => new(
        IdentityModel.SignatureOf(value),
        resource,
        Methods,
        new ModelMeasurements { ModelSha256 = Convert.ToHexStringLower(SHA256.HashData(built)), ModelSizeBytes = built.Length },
        compression: ModelCompression.Brotli);

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        PackedModelFile.Pack(new MemoryStream(content), packed);
        return packed.ToArray();
    }
}
