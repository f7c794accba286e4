using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Rows that are multiplied together.</summary>
    private const int RowsTogether = 4;

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
        power = Sum(null);
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
                    : ((SplitMix.Mix(((ulong)sum << 8) ^ (ulong)output) & 1) == 0 ? 1 : -1) / MathF.Sqrt(outputs);
            int[] positions = layout.PositionsOfSum(sum);
            int first = sum / perGroup * rows.Columns;
            for (int column = 0; column < positions.Length; column++)
                AddScaled(signs, values[positions[column]], projected.AsSpan((first + column) * outputs, outputs));
        }
        return new ReaderError(rows, projected, outputs, node.Bias is not null);
    }

    /// <summary>Error over power; 0 when the output is always the same.</summary>
    public double Of(QuantizationParameters parameters) => power > 0 ? Sum(parameters) / power : 0;

    /// <summary>Sum of the squared outputs.</summary>
    /// <param name="parameters">For the errors that these leave in the rows; null: for the rows themselves.</param>
    private double Sum(QuantizationParameters? parameters)
    {
        int groups = rows.Groups;
        int length = groups * rows.Columns;
        var sums = new double[groups * outputs];
        var block = new float[RowsTogether * length];
        var results = new float[RowsTogether * sums.Length];
        double squares = 0;
        for (int first = 0; first < used.Length; first += RowsTogether)
        {
            int count = Math.Min(RowsTogether, used.Length - first);
            for (int i = 0; i < count; i++)
                Read(rows.Values.AsSpan(used[first + i] * length, length), parameters, block.AsSpan(i * length, length));
            Multiply(block, results);
            for (int i = 0; i < count; i++)
                for (int output = 0; output < sums.Length; output++)
                {
                    float result = results[(i * sums.Length) + output];
                    squares += (double)result * result;
                    sums[output] += result;
                }
        }
        if (hasBias)
            foreach (double sum in sums)
                squares -= sum * sum / used.Length;
        return squares;
    }

    private static void Read(ReadOnlySpan<float> row, QuantizationParameters? parameters, Span<float> destination)
    {
        if (parameters is null)
        {
            row.CopyTo(destination);
            return;
        }
        FakeQuantizeKernel.FakeQuantize(row, destination, parameters.Scale, parameters.ZeroPoint, CodeRange.UInt8);
        int position = 0;
        for (; position <= row.Length - Vector<float>.Count; position += Vector<float>.Count)
            (new Vector<float>(destination[position..]) - new Vector<float>(row[position..])).CopyTo(destination[position..]);
        for (; position < row.Length; position++)
            destination[position] -= row[position];
    }

    /// <param name="block">[<see cref="RowsTogether"/>, groups, columns]</param>
    /// <param name="results">[<see cref="RowsTogether"/>, groups, outputs]; each is summed column by column.</param>
    private void Multiply(float[] block, float[] results)
    {
        int columns = rows.Columns;
        int length = rows.Groups * columns;
        int perRow = rows.Groups * outputs;
        for (int group = 0; group < rows.Groups; group++)
        {
            ReadOnlySpan<float> ofGroup = weights.AsSpan(group * columns * outputs, columns * outputs);
            int output = 0;
            for (; output <= outputs - Vector256<float>.Count; output += Vector256<float>.Count)
            {
                ref float first = ref block[group * columns];
                Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
                for (int column = 0; column < columns; column++)
                {
                    Vector256<float> factors = Vector256.Create(ofGroup.Slice((column * outputs) + output, Vector256<float>.Count));
                    sum0 += factors * Vector256.Create(Unsafe.Add(ref first, column));
                    sum1 += factors * Vector256.Create(Unsafe.Add(ref first, length + column));
                    sum2 += factors * Vector256.Create(Unsafe.Add(ref first, (2 * length) + column));
                    sum3 += factors * Vector256.Create(Unsafe.Add(ref first, (3 * length) + column));
                }
                int to = (group * outputs) + output;
                sum0.CopyTo(results, to);
                sum1.CopyTo(results, to + perRow);
                sum2.CopyTo(results, to + (2 * perRow));
                sum3.CopyTo(results, to + (3 * perRow));
            }
            for (; output < outputs; output++)
                for (int row = 0; row < RowsTogether; row++)
                {
                    ReadOnlySpan<float> values = block.AsSpan((row * length) + (group * columns), columns);
                    float sum = 0;
                    for (int column = 0; column < values.Length; column++)
                        sum += values[column] * ofGroup[(column * outputs) + output];
                    results[(row * perRow) + (group * outputs) + output] = sum;
                }
        }
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
}
