using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Preparation;

/// <summary>Runs the original and the prepared model on the same samples: the proof that preparing changed nothing that matters.</summary>
internal static class PreparationCheck
{
    /// <summary>
    /// Allowed difference, as a fraction of the output's largest magnitude. Folding changes the order of float32 operations: a sum of k
    /// products moves by about √k · 2⁻²⁴ (1e-5 for k = 30,000), and a deep model passes on a few of those. A wrong fold is off by
    /// whole per cents.
    /// </summary>
    public const double Tolerance = 1e-4;

    /// <summary>The same for float16 outputs, which hold 11 bits: eight units in the last place.</summary>
    public const double HalfTolerance = 8.0 / 2048;

    /// <summary>Share of integers that may differ: where floats are nearly equal, rounding decides which is the largest.</summary>
    public const double IntegerTolerance = 0.01;

    /// <param name="original">The model as it was read.</param>
    /// <param name="prepared">The result of <see cref="ModelPreparer"/>.</param>
    /// <param name="batch">One value per input of the model.</param>
    /// <returns>The largest difference found, as a fraction of the largest magnitude of its output.</returns>
    /// <exception cref="QuantBuildException">QB2007: the original does not run; QB3003: an output differs; QB3004: the prepared model
    /// does not run.</exception>
    public static double Verify(
        IInferenceEngine engine,
        OnnxModel original,
        OnnxModel prepared,
        IReadOnlyList<InputTensor> batch,
        DiagnosticOrigin origin)
    {
        IReadOnlyList<ComparedValue> values = ComparedValue.Of(original.Graph, prepared.Graph);
        var expected = new byte[values.Count][];
        Run(original, [.. values.Select(value => value.Original)], DiagnosticCatalogue.ModelDoesNotRun, (index, output) =>
            expected[index] = output.Bytes.ToArray());
        double largest = 0;
        Run(prepared, [.. values.Select(value => value.Prepared)], DiagnosticCatalogue.PreparedModelDoesNotRun, (index, output) =>
        {
            double difference = values[index].IsRandom && output.Bytes.Length == expected[index].Length
                ? 0
                : Difference(output.ElementType, expected[index], output.Bytes);
            double allowed = Allowed(output.ElementType);
            if (difference > allowed)
                throw new QuantBuildException(
                    DiagnosticCatalogue.PreparedModelDiffers.At(origin, origin.Model, values[index].Output, difference, allowed));
            largest = Math.Max(largest, difference);
        });
        return largest;

        void Run(OnnxModel model, IReadOnlyList<string> names, DiagnosticDescriptor refused, OutputVisitor visit)
        {
            try
            {
                using IInferenceSession session = engine.Open(Expose(model, names));
                session.Run(batch, names, visit);
            }
            catch (InferenceException exception)
            {
                throw new QuantBuildException(refused.At(origin, origin.Model, exception.Message), exception);
            }
        }
    }

    private static double Allowed(OnnxElementType type) => type switch
    {
        OnnxElementType.Float or OnnxElementType.Double => Tolerance,
        OnnxElementType.Float16 => HalfTolerance,
        _ => IntegerTolerance,
    };

    private static ModelImage Expose(OnnxModel model, IReadOnlyList<string> values)
    {
        var exposer = new ValueExposer(model.Clone());
        foreach (string value in values)
            exposer.Expose(value);
        return exposer.ToImage();
    }

    /// <summary>The largest difference as a fraction of the largest magnitude; of integers, the share that differs.</summary>
    private static double Difference(OnnxElementType type, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual))
            return 0;
        return expected.Length != actual.Length ? double.PositiveInfinity : type switch
        {
            OnnxElementType.Float => Difference<float>(expected, actual),
            OnnxElementType.Double => Difference<double>(expected, actual),
            OnnxElementType.Float16 => Difference<Half>(expected, actual),
            _ => ShareOfDifferent(expected, actual, Math.Max(1, type.SizeBytes())),
        };
    }

    private static double ShareOfDifferent(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int size)
    {
        int different = 0;
        for (int i = 0; i < expected.Length; i += size)
            if (!expected.Slice(i, size).SequenceEqual(actual.Slice(i, size)))
                different++;
        return (double)different * size / expected.Length;
    }

    private static double Difference<T>(ReadOnlySpan<byte> expectedBytes, ReadOnlySpan<byte> actualBytes)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        ReadOnlySpan<T> expected = MemoryMarshal.Cast<byte, T>(expectedBytes);
        ReadOnlySpan<T> actual = MemoryMarshal.Cast<byte, T>(actualBytes);
        double magnitude = 0;
        double difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double left = double.CreateChecked(expected[i]);
            double right = double.CreateChecked(actual[i]);
            if (left.Equals(right))
                continue; // infinities and NaN on both sides
            if (!double.IsFinite(left) || !double.IsFinite(right))
                return double.PositiveInfinity;
            difference = Math.Max(difference, Math.Abs(left - right));
        }
        for (int i = 0; i < expected.Length; i++)
            if (T.IsFinite(expected[i]))
                magnitude = Math.Max(magnitude, Math.Abs(double.CreateChecked(expected[i])));
        return difference == 0 ? 0 : magnitude == 0 ? double.PositiveInfinity : difference / magnitude;
    }
}
