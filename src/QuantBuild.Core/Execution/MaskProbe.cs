using System.Numerics;
using System.Runtime.InteropServices;
using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Finds the input that marks padding, by experiment on the float model: names and the graph say nothing that could be relied on.</summary>
internal static class MaskProbe
{
    /// <summary>Samples in the batch of an experiment, unless the model's batch is fixed.</summary>
    public const int BatchSize = 4;

    /// <summary>A mask that takes nothing out of so many samples is of little use.</summary>
    private const int MostSamples = 64;

    /// <summary>What a change may move an output by, as a fraction of its largest magnitude: the noise of float sums in another order.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Other rows of an input to choose from.</summary>
    private const int MostRows = 64;

    /// <param name="samples">Of those that ranges come from.</param>
    /// <returns>Null when no input is a mask.</returns>
    public static PaddingMask? Find(OnnxModel model, SampleStream samples, IInferenceEngine engine)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        foreach (SampleBatch batch in samples.Take(MostSamples).Read())
        {
            if (!batch.Inputs.Any(input => HasShapeOfMask(input, batch.Inputs)))
                return null;
            foreach (InputTensor candidate in batch.Inputs.Where(input => HasShapeOfMask(input, batch.Inputs) && HoldsZerosAndOnes(input)))
                if (tried.Add(candidate.Name) && Verify(model, candidate, batch.Inputs, engine) is { } mask)
                    return mask;
        }
        return null;
    }

    private static bool HasShapeOfMask(InputTensor input, IReadOnlyList<InputTensor> batch) =>
        input.ElementType is OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.Bool or OnnxElementType.Float
        && input.Shape.Count >= 2 && input.Shape.Skip(2).All(dimension => dimension == 1) && batch.Any(other => HasRowsOf(input, other));

    private static bool HasRowsOf(InputTensor mask, InputTensor other) =>
        other != mask && other.Bytes.Length > 0 && other.Shape.Count >= 2 && other.Shape[0] == mask.Shape[0] && other.Shape[1] == mask.Shape[1];

    private static bool HoldsZerosAndOnes(InputTensor input)
    {
        int size = input.ElementType.SizeBytes();
        var one = new byte[size];
        if (input.ElementType == OnnxElementType.Float)
            MemoryMarshal.Write(one, 1f);
        else
            one[0] = 1;
        bool hasZero = false;
        bool hasOne = false;
        for (int offset = 0; offset < input.Bytes.Length; offset += size)
        {
            ReadOnlySpan<byte> element = input.Bytes.Span.Slice(offset, size);
            if (element.SequenceEqual(one))
                hasOne = true;
            else if (!element.ContainsAnyExcept((byte)0))
                hasZero = true;
            else
                return false;
        }
        return hasZero && hasOne;
    }

    /// <summary>Other values where the mask is zero must leave all outputs as they are; at one position of each sample where it is not, they must not.
    /// </summary>
    private static PaddingMask? Verify(OnnxModel model, InputTensor candidate, IReadOnlyList<InputTensor> batch, IInferenceEngine engine)
    {
        LivePositions live = LivePositions.Of(candidate);
        if (live.Count == live.Total)
            return null;
        string[] outputs = [.. model.Graph.OutputNames];
        var expected = new byte[outputs.Length][];
        InputTensor[] changed = Change(batch, candidate, live.TakenOut());
        try
        {
            using IInferenceSession session = engine.Open(model.ToImage());
            session.Run(batch, outputs, (index, output) => expected[index] = output.Bytes.ToArray());
            return KeepsOutputs(session, changed) && !KeepsOutputs(session, Change(batch, candidate, live.LastOfEachSample()))
                ? new PaddingMask(candidate.Name, [.. batch.Select(Copy)], changed)
                : null;
        }
        catch (InferenceException)
        {
            return null; // values that occur in the data, in a place that the model does not take
        }

        bool KeepsOutputs(IInferenceSession session, InputTensor[] inputs)
        {
            bool keeps = true;
            session.Run(inputs, outputs, (index, output) => keeps &= IsSame(output.ElementType, expected[index], output.Bytes));
            return keeps;
        }
    }

    /// <summary>Copies of all inputs; at these positions, those with a row for each position of the mask hold another row of theirs.</summary>
    private static InputTensor[] Change(IReadOnlyList<InputTensor> batch, InputTensor mask, int[] positions) =>
        [.. batch.Select(input => HasRowsOf(mask, input) ? Change(Copy(input), checked((int)(mask.Shape[0] * mask.Shape[1])), positions) : Copy(input))];

    private static InputTensor Change(InputTensor input, int rows, int[] positions)
    {
        int length = input.Bytes.Length / rows;
        var others = new List<byte[]>();
        for (int row = 0; row < rows && others.Count < MostRows; row++)
            if (!others.Exists(other => Row(row).SequenceEqual(other)))
                others.Add(Row(row).ToArray());

        byte[] changed = input.Bytes.ToArray();
        foreach (int position in positions)
        {
            int other = position % others.Count;
            if (Row(position).SequenceEqual(others[other]))
                other = (other + 1) % others.Count;
            others[other].CopyTo(changed, position * length);
        }
        return input with { Bytes = changed };

        ReadOnlySpan<byte> Row(int row) => input.Bytes.Span.Slice(row * length, length);
    }

    /// <summary>A batch is valid until the next one is read.</summary>
    private static InputTensor Copy(InputTensor input) => input with { Bytes = input.Bytes.ToArray() };

    /// <summary>False for what has no elements that could be compared, as strings and sequences.</summary>
    private static bool IsSame(OnnxElementType type, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual) =>
        expected.Length == actual.Length && expected.Length > 0 && type switch
        {
            OnnxElementType.Float => IsSame<float>(expected, actual),
            OnnxElementType.Double => IsSame<double>(expected, actual),
            _ => expected.SequenceEqual(actual),
        };

    private static bool IsSame<T>(ReadOnlySpan<byte> expectedBytes, ReadOnlySpan<byte> actualBytes)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> expected = MemoryMarshal.Cast<byte, T>(expectedBytes);
        ReadOnlySpan<T> actual = MemoryMarshal.Cast<byte, T>(actualBytes);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            // Equal infinities differ by nothing; NaN differs from everything.
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(expected[i])));
            if (expected[i] != actual[i])
                difference = Math.Max(difference, Math.Abs(double.CreateTruncating(expected[i]) - double.CreateTruncating(actual[i])));
        }
        return difference <= Tolerance * largest;
    }
}
