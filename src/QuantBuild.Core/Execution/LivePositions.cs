using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>The positions of one batch that a mask leaves in, numbered in row-major order of its shape [N, L]. A sample of which the mask leaves
/// nothing keeps all of its positions: what a model makes of it comes from them.</summary>
internal sealed class LivePositions
{
    private readonly long samples;
    private readonly long length;
    private readonly int[] positions;

    private LivePositions(long samples, long length, int[] positions)
    {
        this.samples = samples;
        this.length = length;
        this.positions = positions;
        Runs = [.. RunsOf(positions)];
    }

    /// <summary>Neighbouring positions in one piece, ascending.</summary>
    public IReadOnlyList<(int Start, int Length)> Runs { get; }

    public int Count => positions.Length;

    public int Total => checked((int)(samples * length));

    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public int this[int index] => positions[index];

    /// <param name="mask">[N, L] or [N, L, 1, …]; an element of zero bytes takes its position out.</param>
    public static LivePositions Of(InputTensor mask)
    {
        int samples = checked((int)mask.Shape[0]);
        int length = checked((int)mask.Shape[1]);
        int size = mask.ElementType.SizeBytes();
        ReadOnlySpan<byte> bytes = mask.Bytes.Span;
        var positions = new List<int>(samples * length);
        for (int sample = 0; sample < samples; sample++)
        {
            int first = sample * length;
            bool isEmpty = !bytes.Slice(first * size, length * size).ContainsAnyExcept((byte)0);
            for (int position = first; position < first + length; position++)
                if (isEmpty || bytes.Slice(position * size, size).ContainsAnyExcept((byte)0))
                    positions.Add(position);
        }
        return new LivePositions(samples, length, [.. positions]);
    }

    /// <summary>True for [N, L, …]: a row for every position.</summary>
    public bool HasRowsIn(ReadOnlySpan<long> shape) => shape.Length >= 2 && shape[0] == samples && shape[1] == length;

    /// <summary>The positions that the mask takes out, ascending.</summary>
    public int[] TakenOut() => [.. Enumerable.Range(0, Total).Except(positions)];

    /// <summary>The last live position of every sample, ascending.</summary>
    public int[] LastOfEachSample() => [.. positions.GroupBy(position => position / length, (_, own) => own.Max())];

    private static IEnumerable<(int Start, int Length)> RunsOf(int[] positions)
    {
        int first = 0;
        for (int i = 1; i <= positions.Length; i++)
            if (i == positions.Length || positions[i] != positions[i - 1] + 1)
            {
                yield return (positions[first], i - first);
                first = i;
            }
    }
}
