using System.Diagnostics;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.OnnxRuntime;

namespace QuantBuild.Benchmarks.Models;

/// <summary>How long the float model takes for the calibration data, with the engine, the threads and the batch that quantizing has.</summary>
internal static class FloatPass
{
    private const int FewestPasses = 3;

    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromSeconds(0.5);

    /// <summary>A pass of this length needs neither a warm-up nor others beside it.</summary>
    private static readonly TimeSpan LongPass = TimeSpan.FromSeconds(3);

    /// <summary>Median of several passes, unless one takes long; the samples are in memory.</summary>
    public static double Seconds(string floatPath, string calibrationPath)
    {
        var origin = new DiagnosticOrigin(floatPath);
        OnnxModel floatModel = OnnxModelReader.ParseAnyOpset(File.ReadAllBytes(floatPath), origin);
        var engine = new OnnxRuntimeEngine();
        using IInferenceSession session = engine.Open(floatModel.ToBytes());
        string[] outputs = [.. floatModel.Graph.OutputNames];
        List<IReadOnlyList<InputTensor>> batches = Batches(calibrationPath, floatModel, session, engine, origin);

        double first = Pass();
        if (first > LongPass.TotalSeconds)
            return first;
        var passes = new List<double>();
        while (passes.Count < FewestPasses || passes.Sum() < ShortestMeasurement.TotalSeconds)
            passes.Add(Pass());
        return Spread.Of(passes).Median;

        double Pass()
        {
            long start = Stopwatch.GetTimestamp();
            foreach (IReadOnlyList<InputTensor> batch in batches)
                session.Run(batch, outputs, (_, _) => { });
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static List<IReadOnlyList<InputTensor>> Batches(
        string data, OnnxModel model, IInferenceSession session, IInferenceEngine engine, DiagnosticOrigin origin)
    {
        var problems = new DiagnosticBag();
        SampleBinding binding = SampleBinding.Bind(NpzSampleSource.Open(data, data, origin), model.Signature, origin, problems)
            ?? throw new InvalidDataException($"'{data}' does not fit '{origin.Model}': {problems.Diagnostics[0].Message}");
        TensorFacts facts = ShapeProbe.Observe(model, ModelSamples.First(binding), engine);
        int batchSize = BatchPolicy.Choose(binding, session, [.. model.Graph.OutputNames], facts.BytesPerSample);
        return [.. new SampleStream(binding, SampleSelection.All, batchSize).Read().Select(Copy)];
    }

    /// <summary>A batch is valid until the next one is read.</summary>
    private static IReadOnlyList<InputTensor> Copy(SampleBatch batch) =>
        [.. batch.Inputs.Select(input => input with { Bytes = input.Bytes.ToArray() })];
}
