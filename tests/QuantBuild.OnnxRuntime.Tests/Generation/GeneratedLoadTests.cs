using System.Security.Cryptography;
using QuantBuild.Generation;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Ways to load the generated class, and when what is loaded goes away.</summary>
[TestClass]
public sealed class GeneratedLoadTests
{
    private const string Methods = """
        public static float[] LoadFrom(string path, bool verifies)
        {
            using Model model = Model.LoadFrom(path, verifies ? null : new ModelOptions { VerifyHash = false });
            return model.Run(new float[] { 1, 2 }).OutX.ToArray();
        }

        public static int Configure()
        {
            int calls = 0;
            using Model model = Model.Load(new ModelOptions { Configure = options => { calls++; options.IntraOpNumThreads = 1; } });
            using Model another = Model.LoadAsync(new ModelOptions { Configure = options => calls++ }).Result;
            return calls + another.Run(new float[] { 1, 2 }).OutX.Length;
        }

        public static System.Threading.Tasks.Task LoadAsync(System.Threading.CancellationToken token, Action configured) =>
            Model.LoadAsync(new ModelOptions { Configure = options => configured() }, token);

        public static int LoadLazily() => new Lazy<Model>(Model.Load).Value.Run(new float[2]).OutX.Length;

        public static int DisposeWhileRunning(int threads)
        {
            Model model = Model.Load();
            int refused = 0;
            using System.Threading.Barrier started = new System.Threading.Barrier(threads + 1);
            System.Threading.Thread[] callers = Enumerable.Range(0, threads).Select(_ => new System.Threading.Thread(() =>
            {
                model.Run(new float[2]);
                started.SignalAndWait();
                try
                {
                    while (true)
                        model.Run(new float[2]);
                }
                catch (ObjectDisposedException)
                {
                    System.Threading.Interlocked.Increment(ref refused);
                }
            })).ToArray();
            foreach (System.Threading.Thread caller in callers)
                caller.Start();
            started.SignalAndWait();
            model.Dispose();
            foreach (System.Threading.Thread caller in callers)
                caller.Join();
            return refused;
        }
        """;

    private static readonly TensorSignature value = new("x", OnnxElementType.Float, [new(null, "N")]);
    private static readonly byte[] model = IdentityModel.Of(value);

    [TestMethod]
    public void LoadFrom_TheModelThatWasBuilt_Runs()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("copy.onnx"), model);
        using GeneratedProgram program = Program(model);

        CollectionAssert.AreEqual(new float[] { 1, 2 }, program.Call<float[]>("LoadFrom", folder.File("copy.onnx"), true));
    }

    [TestMethod]
    public void LoadFrom_AnotherModel_IsRefusedUnlessToldNotTo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("other.onnx"), model);
        using GeneratedProgram program = Program([1, 2, 3]);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => program.Call<float[]>("LoadFrom", folder.File("other.onnx"), true));
        StringAssert.Contains(error.Message, $"other.onnx' is not the one that this assembly was built with: its SHA-256 is {Sha256(model)}, and not ");
        CollectionAssert.AreEqual(new float[] { 1, 2 }, program.Call<float[]>("LoadFrom", folder.File("other.onnx"), false));
    }

    [TestMethod]
    public void LoadFrom_WeightsFileOfAnotherBuild_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), model);
        File.WriteAllText(folder.File("model.onnx.data"), "other");
        ModelMeasurements measurements = new() { ModelSha256 = Sha256(model), WeightsFileName = "model.onnx.data", WeightsSha256 = Sha256([1]) };
        using GeneratedProgram program = new(IdentityModel.SignatureOf(value), model, Methods, measurements);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => program.Call<float[]>("LoadFrom", folder.File("model.onnx"), true));
        StringAssert.Contains(error.Message, "model.onnx.data' is not the one");
    }

    [TestMethod]
    public void LoadFrom_NoFile_SaysWhichOne()
    {
        using GeneratedProgram program = Program(model);

        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(() => program.Call<float[]>("LoadFrom", "/nowhere/x.onnx", true));
        Assert.AreEqual("/nowhere/x.onnx", error.FileName);
    }

    [TestMethod]
    public void LoadFrom_CompiledBeforeTheModelWasQuantized_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), model);
        using GeneratedProgram program = new(IdentityModel.SignatureOf(value), model, Methods);

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => program.Call<float[]>("LoadFrom", folder.File("model.onnx"), true));
        StringAssert.Contains(error.Message, "compiled before the model was quantized");
    }

    [TestMethod]
    public void Load_Configure_SeesTheOptionsOfEverySession()
    {
        using GeneratedProgram program = Program(model);
        Assert.AreEqual(4, program.Call<int>("Configure"));
    }

    [TestMethod]
    public void Load_AsADelegate_IsTheOneWithoutParameters()
    {
        using GeneratedProgram program = Program(model);
        Assert.AreEqual(2, program.Call<int>("LoadLazily"));
    }

    [TestMethod]
    public void LoadAsync_CancelledBeforeTheStart_LoadsNothing()
    {
        using GeneratedProgram program = Program(model);
        bool configured = false;

        Task load = program.Call<Task>("LoadAsync", new CancellationToken(canceled: true), (Action)(() => configured = true));

        Assert.Throws<OperationCanceledException>(() => load.GetAwaiter().GetResult());
        Assert.IsTrue(load.IsCanceled);
        Assert.IsFalse(configured);
    }

    [TestMethod]
    public void LoadAsync_CancelledMeanwhile_IsCancelled()
    {
        using GeneratedProgram program = Program(model);
        using CancellationTokenSource source = new();

        Task load = program.Call<Task>("LoadAsync", source.Token, (Action)source.Cancel);

        Assert.Throws<OperationCanceledException>(() => load.GetAwaiter().GetResult());
        Assert.IsTrue(load.IsCanceled);
    }

    [TestMethod]
    public void Dispose_WhileCallsRun_LetsThemEndAndRefusesLaterOnes()
    {
        using GeneratedProgram program = Program(model);
        Assert.AreEqual(4, program.Call<int>("DisposeWhileRunning", 4));
    }

    private static GeneratedProgram Program(byte[] built) =>
        new(IdentityModel.SignatureOf(value), model, Methods, new ModelMeasurements { ModelSha256 = Sha256(built) });

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
