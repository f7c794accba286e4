using Google.Protobuf;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Runners compute what <c>Run</c> does, allocate nothing, and come back to their pool.</summary>
[TestClass]
public sealed class GeneratedRunnerTests
{
    private static readonly byte[] digits = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Models", "digits.onnx"));

    private static readonly ModelSignature digitsSignature = new(
        [new TensorSignature("image", OnnxElementType.Float, [new(null, "batch"), new(1, null), new(28, null), new(28, null)])],
        [new TensorSignature("logits", OnnxElementType.Float, [new(null, "batch"), new(10, null)])]);

    private static readonly TensorSignature[] several =
    [
        new("a", OnnxElementType.Float, [new(null, "n"), new(3, null)]),
        new("b", OnnxElementType.Int64, [new(null, "n"), new(null, "m")]),
        new("c", OnnxElementType.Float16, [new(null, "m")]),
        new("d", OnnxElementType.Bool, [new(2, null)]),
    ];

    [TestMethod]
    public void Run_RealNet_GivesWhatTheClassGivesAndAllocatesNothing()
    {
        using GeneratedProgram program = new(digitsSignature, digits, """
            public static (float[], float[], long) Run(float[] images)
            {
                using Model model = Model.Load();
                using Model.Runner runner = model.RentRunner(images.Length / 784);
                images.CopyTo(runner.Image);
                runner.Run();
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int call = 0; call < 1000; call++)
                    runner.Run();
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                return (model.Run(images).Logits.ToArray(), runner.Logits.ToArray(), allocated);
            }
            """);
        Random random = new(1);
        float[] images = [.. Enumerable.Range(0, 2 * 784).Select(_ => random.NextSingle())];

        (float[] ofClass, float[] ofRunner, long allocated) = program.Call<(float[], float[], long)>("Run", images);

        CollectionAssert.AreEqual(ofClass, ofRunner);
        Assert.AreEqual(0L, allocated);
    }

    [TestMethod]
    public void Run_SeveralInputsAndOutputsOfManyTypes_AllocatesNothing()
    {
        using GeneratedProgram program = new(IdentityModel.SignatureOf(several), IdentityModel.Of(several), """
            public static (string, long) Run()
            {
                using Model model = Model.Load();
                using Model.Runner runner = model.CreateRunner(2, 1);
                new float[] { 1, 2, 3, 4, 5, 6 }.CopyTo(runner.A);
                runner.B[1] = 7;
                runner.C[0] = (Half)1.5f;
                runner.D[1] = true;
                runner.Run();
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int call = 0; call < 1000; call++)
                {
                    runner.B[0] = call;
                    runner.Run();
                }
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                return ($"{runner.OutA[5]} {runner.OutB[0]} {runner.OutB[1]} {(float)runner.OutC[0] == 1.5f} {runner.OutD[1]}", allocated);
            }
            """);
        (string values, long allocated) = program.Call<(string, long)>("Run");

        Assert.AreEqual("6 999 7 True True", values);
        Assert.AreEqual(0L, allocated);
    }

    [TestMethod]
    public void Rent_AfterDispose_IsTheSameBuffersForTheSameSizesOnly()
    {
        using GeneratedProgram program = new(digitsSignature, digits, """
            public static bool[] Run()
            {
                using Model model = Model.Load();
                Model.Runner first = model.RentRunner(1);
                Model.Runner second = model.RentRunner(1);
                first.Dispose();
                first.Dispose();
                Model.Runner other = model.RentRunner(2);
                Model.Runner again = model.RentRunner(1);
                Model.Runner created = model.CreateRunner(1);
                return new[] { first == second, other == first, again == first, created == first };
            }

            public static void RunDisposed()
            {
                using Model model = Model.Load();
                Model.Runner runner = model.CreateRunner(1);
                runner.Dispose();
                runner.Run();
            }

            public static bool RunAfterTheModel()
            {
                Model model = Model.Load();
                Model.Runner idle = model.RentRunner(1);
                idle.Dispose();
                using Model.Runner runner = model.RentRunner(2);
                model.Dispose();
                try
                {
                    runner.Run();
                    return false;
                }
                catch (ObjectDisposedException)
                {
                    return true;
                }
            }

            public static void TooLarge()
            {
                using Model model = Model.Load();
                model.CreateRunner(0);
            }

            public static bool Cancelled()
            {
                using Model model = Model.Load();
                using Model.Runner runner = model.CreateRunner(1);
                using System.Threading.CancellationTokenSource source = new System.Threading.CancellationTokenSource();
                runner.Run(source.Token);
                source.Cancel();
                try
                {
                    runner.Run(source.Token);
                    return false;
                }
                catch (OperationCanceledException)
                {
                    runner.Run();
                    return true;
                }
            }
            """);
        CollectionAssert.AreEqual(new[] { false, false, true, false }, program.Call<bool[]>("Run"));
        Assert.ThrowsExactly<ObjectDisposedException>(() => program.Call<object>("RunDisposed"));
        Assert.IsTrue(program.Call<bool>("RunAfterTheModel"));
        Assert.IsTrue(program.Call<bool>("Cancelled"));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => program.Call<object>("TooLarge")).Message,
            "The input 'image' has the shape [batch,1,28,28], for which a buffer of the shape [0,1,28,28] is empty or too large.");
    }

    [TestMethod]
    public void Run_ShapeThatOnlyTheRunTells_IsReadAfterIt()
    {
        GraphProto graph = new() { Name = "nonzero" };
        graph.Input.Add(new ValueInfoProto { Name = "x", Type = Type(1, 4) });
        graph.Output.Add(new ValueInfoProto { Name = "found", Type = Type(7, 1, -1) });
        graph.Node.Add(new NodeProto { OpType = "NonZero", Input = { "x" }, Output = { "found" } });
        ModelProto model = new() { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 16 });
        ModelSignature signature = new(
            [new TensorSignature("x", OnnxElementType.Float, [new(4, null)])], [new TensorSignature("found", OnnxElementType.Int64, [new(1, null), new(null, null)])]);
        using GeneratedProgram program = new(signature, model.ToByteArray(), """
            public static string Run()
            {
                using Model model = Model.Load();
                using Model.Runner runner = model.CreateRunner();
                string before = runner.Found.Length.ToString();
                runner.X[1] = 1;
                runner.Run();
                string first = string.Join(",", runner.Found.ToArray()) + " of " + string.Join(",", runner.FoundShape);
                runner.X[3] = 1;
                runner.Run();
                return before + "; " + first + "; " + string.Join(",", runner.Found.ToArray()) + " of " + string.Join(",", runner.FoundShape);
            }
            """);
        Assert.AreEqual("0; 1 of 1,1; 1,3 of 1,2", program.Call<string>("Run"));

        static TypeProto Type(int element, params long[] sizes)
        {
            TensorShapeProto shape = new();
            foreach (long size in sizes)
                shape.Dim.Add(size < 0 ? new TensorShapeProto.Types.Dimension() : new TensorShapeProto.Types.Dimension { DimValue = size });
            return new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = element, Shape = shape } };
        }
    }
}
