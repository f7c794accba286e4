using System.Numerics;
using QuantBuild.Calibration;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement;

namespace QuantBuild.Precision;

/// <summary>How far the output of a node with weights is off because of how what it reads is quantized, over the power of the output, on rows that were kept.</summary>
/// <remarks>
/// With e = x̂ − x the error is <c>W·e</c>; its mean is left out where a bias takes it up. More outputs than <see cref="MostOutputs"/> are replaced by as many sums of all of
/// them with random signs, whose squares have the same expectation (Johnson and Lindenstrauss 1984).
/// </remarks>
internal sealed class ReaderError
{
    private const int MostOutputs = 16;

    private const int MostRows = 1024;

    private readonly InputRows rows;
    private readonly int[] used;
    private readonly float[] weights;
    private readonly int outputs;
    private readonly bool hasBias;
    private readonly double power;

    private ReaderError(InputRows rows, float[] weights, int outputs, bool hasBias)
    {
        this.rows = rows;
        this.weights = weights;
        this.outputs = outputs;
        this.hasBias = hasBias;
        int count = Math.Min(rows.Count, MostRows);
        used = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows.Count / count))];
        power = Sum(row => row);
    }

    /// <returns>Null for a node whose rows were not kept.</returns>
    public static ReaderError? Of(PlannedNode node, CalibrationTable table, OnnxGraph graph)
    {
        if (table.RowsOf(node, graph) is not { Count: > 0 } rows)
            return null;
        OnnxTensor weight = graph.ConstantAnywhere(node.Weight!.Initializer)!.InMemory();
        var layout = new WeightLayout(weight, node.Weight!);
        int sums = layout.SumCount;
        int perGroup = sums / rows.Groups;
        int outputs = Math.Min(perGroup, MostOutputs);
        var projected = new float[rows.Groups * rows.Columns * outputs];
        var signs = new float[outputs];
        ReadOnlySpan<float> values = weight.Floats;
        for (int sum = 0; sum < sums; sum++)
        {
            for (int output = 0; output < outputs; output++)
                signs[output] = perGroup <= MostOutputs
                    ? (sum % perGroup == output ? 1 : 0)
                    : ((Mix(((ulong)sum << 8) ^ (ulong)output) & 1) == 0 ? 1 : -1) / MathF.Sqrt(outputs);
            int[] positions = layout.PositionsOfSum(sum);
            int first = sum / perGroup * rows.Columns;
            for (int column = 0; column < positions.Length; column++)
                AddScaled(signs, values[positions[column]], projected.AsSpan((first + column) * outputs, outputs));
        }
        return new ReaderError(rows, projected, outputs, node.Bias is not null);
    }

    /// <summary>Error over power; 0 when the output is always the same.</summary>
    public double Of(QuantizationParameters parameters)
    {
        var buffer = new float[rows.Groups * rows.Columns];
        double error = Sum(row =>
        {
            FakeQuantizeKernel.FakeQuantize(row, buffer, parameters.Scale, parameters.ZeroPoint, CodeRange.UInt8);
            for (int i = 0; i < buffer.Length; i++)
                buffer[i] -= row[i];
            return buffer;
        });
        return power > 0 ? error / power : 0;
    }

    private delegate ReadOnlySpan<float> RowChange(ReadOnlySpan<float> row);

    /// <summary>Sum of the squared outputs for changed rows.</summary>
    private double Sum(RowChange change)
    {
        int groups = rows.Groups;
        var sums = new double[groups * outputs];
        var result = new float[outputs];
        double squares = 0;
        foreach (int index in used)
        {
            ReadOnlySpan<float> row = change(rows.Values.AsSpan(index * groups * rows.Columns, groups * rows.Columns));
            for (int group = 0; group < groups; group++)
            {
                Array.Clear(result);
                for (int column = 0; column < rows.Columns; column++)
                {
                    int at = (group * rows.Columns) + column;
                    AddScaled(weights.AsSpan(at * outputs, outputs), row[at], result);
                }
                for (int output = 0; output < outputs; output++)
                {
                    squares += (double)result[output] * result[output];
                    sums[(group * outputs) + output] += result[output];
                }
            }
        }
        if (hasBias)
            foreach (double sum in sums)
                squares -= sum * sum / used.Length;
        return squares;
    }

    private static void AddScaled(ReadOnlySpan<float> row, float factor, Span<float> sum)
    {
        int position = 0;
        var factors = new Vector<float>(factor);
        for (; position <= row.Length - Vector<float>.Count; position += Vector<float>.Count)
            (new Vector<float>(sum[position..]) + (new Vector<float>(row[position..]) * factors)).CopyTo(sum[position..]);
        for (; position < row.Length; position++)
            sum[position] += row[position] * factor;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
