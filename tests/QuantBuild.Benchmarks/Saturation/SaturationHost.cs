using System.Globalization;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Saturation;

/// <summary>How far the outputs of a file are from those that the runtime's exact kernels give.</summary>
/// <param name="HasVnni">True: the outputs say nothing.</param>
/// <param name="Values">Float numbers of all outputs of all samples.</param>
/// <param name="Different">Those that are not equal to the last bit.</param>
/// <param name="Largest">Difference.</param>
internal sealed record SaturationFinding(bool HasVnni, int Samples, long Values, long Different, double Largest);

/// <summary>Runs on the processor without VNNI: a file with the kernels that the runtime takes by itself, and with those that widen before they
/// multiply.</summary>
internal static class SaturationHost
{
    public const string Command = "saturation-outputs";

    /// <summary>Products with one row have kernels of their own.</summary>
    private const int LargeBatch = 16;

    /// <summary>Prints a <see cref="SaturationFinding"/> as JSON.</summary>
    public static int Run(string modelPath, string dataPath, string count)
    {
        SampleSet samples = SampleSet.Read(dataPath, modelPath, int.Parse(count, CultureInfo.InvariantCulture));
        using SessionOptions plain = MeasuredSession.OneThread();
        using SessionOptions precise = MeasuredSession.OneThread();
        precise.AddSessionConfigEntry("session.x64quantprecision", "1");
        using var session = new InferenceSession(modelPath, plain);
        using var exactSession = new InferenceSession(modelPath, precise);

        var finding = new SaturationFinding(Vnni.IsSupported, samples.Count, 0, 0, 0);
        // The last quarter goes one by one.
        int single = samples.Count * 3 / 4 / LargeBatch * LargeBatch;
        int first = 0;
        while (first < samples.Count)
        {
            int size = samples.FixedBatchOf(session) ?? (first < single ? LargeBatch : 1);
            int taken = Math.Min(size, samples.Count - first);
            using RunInputs batch = samples.Batch(first, taken, session);
            finding = Compare(finding, session, exactSession, batch);
            first += taken;
        }
        Console.WriteLine(JsonSerializer.Serialize(finding, JsonSerializerOptions.Web));
        return 0;
    }

    private static SaturationFinding Compare(SaturationFinding finding, InferenceSession session, InferenceSession exactSession, RunInputs batch)
    {
        using var options = new RunOptions();
        string[] names = [.. session.OutputNames.Where(name => session.OutputMetadata[name].ElementType == typeof(float))];
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, batch.Names, batch.Values, names);
        using IDisposableReadOnlyCollection<OrtValue> exact = exactSession.Run(options, batch.Names, batch.Values, names);
        for (int output = 0; output < names.Length; output++)
        {
            ReadOnlySpan<float> values = results[output].GetTensorDataAsSpan<float>();
            ReadOnlySpan<float> exactValues = exact[output].GetTensorDataAsSpan<float>();
            finding = finding with { Values = finding.Values + values.Length };
            for (int i = 0; i < values.Length; i++)
                if (BitConverter.SingleToInt32Bits(values[i]) != BitConverter.SingleToInt32Bits(exactValues[i]))
                    finding = finding with
                    {
                        Different = finding.Different + 1,
                        Largest = Math.Max(finding.Largest, Math.Abs(values[i] - exactValues[i])),
                    };
        }
        return finding;
    }
}
