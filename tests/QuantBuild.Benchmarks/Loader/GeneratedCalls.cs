using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Benchmarks.Large;
using QuantBuild.Cli;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Loader;

/// <summary>What the worker makes of a net of 28 × 28 images — class, constants and quantized model — compiled with the ways to call it, as a
/// project is that a user builds for release.</summary>
internal sealed class GeneratedCalls
{
    /// <summary>Every way takes the same image, copies it to where it belongs, runs the net and reads all outputs. Sessions have one thread, which is
    /// the caller's: what others do on the machine then tells least.</summary>
    private const string Source = """
        using System;
        using System.Collections.Generic;
        using Microsoft.ML.OnnxRuntime;
        using Microsoft.ML.OnnxRuntime.Tensors;
        using App;

        internal static class Calls
        {
            private static readonly long[] shape = { 1, 1, 28, 28 };
            private static readonly int[] dimensions = { 1, 1, 28, 28 };
            private static readonly string[] inputNames = { "image" };
            private static readonly string[] outputNames = { "logits" };
            private static readonly float[] input = new float[784];
            private static readonly float[] output = new float[10];
            private static readonly RunOptions runOptions = new RunOptions();
            private static float[] image;
            private static Net model;
            private static Net.Runner runner;
            private static InferenceSession session;
            private static OrtValue[] inputs;
            private static OrtValue[] outputs;

            public static void Open(float[] anImage)
            {
                image = anImage;
                using SessionOptions options = new SessionOptions { IntraOpNumThreads = 1 };
                model = Net.Load(options);
                runner = model.CreateRunner(1);
                using System.IO.Stream resource = Net.OpenModel();
                byte[] bytes = new byte[resource.Length];
                resource.ReadExactly(bytes);
                session = new InferenceSession(bytes, options);
                inputs = new[] { OrtValue.CreateTensorValueFromMemory(input, shape) };
                outputs = new[] { OrtValue.CreateTensorValueFromMemory(output, new long[] { 1, 10 }) };
            }

            public static void Close()
            {
                runner.Dispose();
                model.Dispose();
                inputs[0].Dispose();
                outputs[0].Dispose();
                session.Dispose();
            }

            public static float GeneratedRunner()
            {
                image.CopyTo(runner.Image);
                runner.Run();
                return Sum(runner.Logits);
            }

            public static float GeneratedRun()
            {
                return Sum(model.Run(image).Logits);
            }

            public static float ReusedOrtValues()
            {
                image.CopyTo(input, 0);
                session.Run(runOptions, inputNames, inputs, outputNames, outputs);
                return Sum(output);
            }

            public static float OrtValuesPerCall()
            {
                using RunOptions options = new RunOptions();
                using OrtValue value = OrtValue.CreateTensorValueFromMemory(image, shape);
                using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, inputNames, new[] { value }, outputNames);
                return Sum(results[0].GetTensorDataAsSpan<float>());
            }

            public static float NamedOnnxValues()
            {
                DenseTensor<float> tensor = new DenseTensor<float>(image, dimensions);
                List<NamedOnnxValue> values = new List<NamedOnnxValue> { NamedOnnxValue.CreateFromTensor("image", tensor) };
                using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(values);
                return Sum(((DenseTensor<float>)results[0].AsTensor<float>()).Buffer.Span);
            }

            private static float Sum(ReadOnlySpan<float> values)
            {
                float sum = 0;
                foreach (float value in values)
                    sum += value;
                return sum;
            }
        }
        """;

    private readonly Type calls;

    /// <param name="modelPath">Float model with the input <c>image</c> [N,1,28,28] and the output <c>logits</c> [N,10].</param>
    public GeneratedCalls(string modelPath, string dataPath)
    {
        using var folder = new TemporaryFolder();
        Work(folder, WorkerRequest.Generate, modelPath, dataPath);
        Work(folder, WorkerRequest.Quantize, modelPath, dataPath);
        string[] sources = [.. Directory.GetFiles(folder.Path, "*.g.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText), Source];
        CSharpCompilation compilation = GeneratedCode.Compile(LanguageVersion.Latest, NullableContextOptions.Disable, sources);
        compilation = compilation.WithOptions(compilation.Options.WithOptimizationLevel(OptimizationLevel.Release));
        byte[] assembly = GeneratedCode.Emit(compilation, ("QuantBuild.net.onnx", File.ReadAllBytes(folder.File("net.onnx"))));
        calls = Assembly.Load(assembly).GetType("Calls")!;
    }

    public void Open(float[] image) => Method("Open").Invoke(null, [image]);

    /// <summary>A delegate of the method itself: calling it allocates nothing.</summary>
    public Func<float> Way(string name) => Method(name).CreateDelegate<Func<float>>();

    public void Close() => Method("Close").Invoke(null, []);

    private MethodInfo Method(string name) => calls.GetMethod(name)!;

    private static void Work(TemporaryFolder folder, string command, string modelPath, string dataPath)
    {
        var model = new WorkerModel(modelPath, modelPath, "net", [new("CalibrationData", dataPath), new("ClassName", "Net")]);
        var request = new WorkerRequest(WorkerRequest.CurrentSchema, command, folder.Path, folder.Path, "App", "C#", [], [model]);
        File.WriteAllBytes(folder.File("request.json"), JsonSerializer.SerializeToUtf8Bytes(request, WorkerJson.Default.WorkerRequest));
        var worker = WatchedProcess.Run(Path.Combine(AppContext.BaseDirectory, "quantbuild.dll"), "worker", folder.File("request.json"), folder.File("result.json"));
        if (worker.ExitCode != 0)
            throw new InvalidOperationException($"The worker fails: {(File.Exists(folder.File("result.json")) ? File.ReadAllText(folder.File("result.json")) : worker.Output)}");
    }
}
