using QuantBuild.Onnx;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Ways to run the generated class, and how a call is cancelled.</summary>
[TestClass]
public sealed class GeneratedCallsTests
{
    private static readonly OnnxDimension batch = new(null, "batch");

    private static readonly TensorSignature[] values =
        [new("a", OnnxElementType.Float, [batch, new(3, null)]), new("b", OnnxElementType.Float, [batch, new(2, null)])];

    [TestMethod]
    public void Run_InputStruct_IsTheSameCall()
    {
        using GeneratedProgram program = Program("""
            public static float[] Run(float[] a, float[] b)
            {
                using Model model = Model.Load();
                ModelInput input = new ModelInput(b: b, a: a);
                return model.Run(input).OutA.ToArray().Concat(model.Run(in input).OutBOf(1).ToArray()).ToArray();
            }
            """);
        CollectionAssert.AreEqual(
            new float[] { 1, 2, 3, 4, 5, 6, 9, 10 },
            program.Call<float[]>("Run", new float[] { 1, 2, 3, 4, 5, 6 }, new float[] { 7, 8, 9, 10 }));
    }

    [TestMethod]
    public void OutputOf_SampleThatIsNotThere_IsRefused()
    {
        using GeneratedProgram program = Program("""
            public static int Run(int sample)
            {
                using Model model = Model.Load();
                return model.Run(new float[6], new float[4]).OutAOf(sample).Length;
            }
            """);
        Assert.AreEqual(3, program.Call<int>("Run", 1));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => program.Call<int>("Run", 2)).Message, "There are 2 samples.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => program.Call<int>("Run", -1));
    }

    [TestMethod]
    public void Run_InputsThatDisagreeAboutADimension_NamesBothAndTheirSizes()
    {
        using GeneratedProgram program = Program("""
            public static int Run(int a, int b)
            {
                using Model model = Model.Load();
                return model.Run(new float[a], new float[b]).OutA.Length;
            }
            """);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => program.Call<int>("Run", 6, 6));
        StringAssert.StartsWith(
            error.Message, "The inputs 'a' and 'b' do not agree about the dimension 'batch': by its length, 'a' has 2 and 'b' has 3.", StringComparison.Ordinal);
        Assert.AreEqual("b", error.ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => program.Call<int>("Run", 6, 5)).Message, "so its length must be 4, but it is 5.");
    }

    [TestMethod]
    public void RunAsync_GivesTheOutputs_AndNeverStartsWhenCancelledBefore()
    {
        using GeneratedProgram program = Program("""
            public static float[] Run(float[] a, float[] b)
            {
                using Model model = Model.Load();
                return model.RunAsync(a, b).Result.OutB.ToArray();
            }

            public static System.Threading.Tasks.Task Cancelled()
            {
                Model model = Model.Load();
                model.Dispose();
                return model.RunAsync(null, null, new System.Threading.CancellationToken(true));
            }

            public static float[] RunCancelled(System.Threading.CancellationToken token)
            {
                using Model model = Model.Load();
                return model.Run(new float[3], new float[2], token).OutB.ToArray();
            }
            """);
        CollectionAssert.AreEqual(new float[] { 4, 5 }, program.Call<float[]>("Run", new float[] { 1, 2, 3 }, new float[] { 4, 5 }));
        Assert.ThrowsExactly<TaskCanceledException>(() => program.Call<Task>("Cancelled").GetAwaiter().GetResult());
        Assert.ThrowsExactly<OperationCanceledException>(() => program.Call<float[]>("RunCancelled", new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void Run_CancelledWhileItRuns_EndsWithTheExceptionOfTheToken()
    {
        using GeneratedProgram program = new(LongRunningModel.Signature, LongRunningModel.Bytes(), """
            public static bool Run(int milliseconds)
            {
                using Model model = Model.Load();
                using System.Threading.CancellationTokenSource source = new System.Threading.CancellationTokenSource(milliseconds);
                try
                {
                    model.Run(new float[] { 1 }, source.Token);
                    return false;
                }
                catch (OperationCanceledException exception)
                {
                    return exception.CancellationToken == source.Token && exception.InnerException is OnnxRuntimeException;
                }
            }
            """);
        Assert.IsTrue(program.Call<bool>("Run", 100));
    }

    [TestMethod]
    public void RunBatch_FixedBatch_RunsOncePerBatchAndInputsMustAgree()
    {
        TensorSignature[] inputs = [new("x", OnnxElementType.Float, [new(2, null), new(2, null)]), new("y", OnnxElementType.Float, [new(2, null)])];
        using GeneratedProgram program = new(IdentityModel.SignatureOf(inputs), IdentityModel.Of(inputs), """
            public static float[] Run(float[] x, float[] y)
            {
                using Model model = Model.Load();
                return model.RunBatch(x, y).SelectMany(output => output.OutXOf(1).ToArray().Concat(output.OutY.ToArray())).ToArray();
            }
            """);
        CollectionAssert.AreEqual(
            new float[] { 3, 4, 9, 10, 7, 8, 11, 12 }, program.Call<float[]>("Run", new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, new float[] { 9, 10, 11, 12 }));
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => program.Call<float[]>("Run", new float[8], new float[2]));
        StringAssert.StartsWith(
            error.Message, "The inputs 'x' and 'y' do not agree about the number of runs: by its length, 'x' has 2 and 'y' has 1.", StringComparison.Ordinal);
    }

    private static GeneratedProgram Program(string methods) => new(IdentityModel.SignatureOf(values), IdentityModel.Of(values), methods);
}
