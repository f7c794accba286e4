using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantBuild.Numerics;

/// <summary>Sums and sums of squares of every channel of a tensor.</summary>
/// <remarks>Parts are added in integers (<see cref="ChannelSum"/>), so the order of calls and threads changes nothing. Within a part the sums are
/// in double, and their order is part of the definition. A part is, of one channel, one run along the inner axes, cut every
/// <see cref="LongestRun"/> values; or, when these runs are shorter than sixteen values, <see cref="LongestStack"/> runs one behind the other,
/// counted from the start of the call. The element i of a run is added to the accumulator i mod 16, and sixteen accumulators are
/// added in halves: i + 8 to i, then i + 4, i + 2, i + 1.</remarks>
internal static class ChannelSumsKernel
{
    public const int LongestRun = 4096;

    public const int LongestStack = 4096;

    private const int Accumulators = SixteenDoubles.Count;

    /// <param name="source">[outer, channels, inner]</param>
    /// <param name="sums">[channels], added to.</param>
    public static void Add(ReadOnlySpan<float> source, Span<ChannelSum> sums, ChannelLayout layout)
    {
        layout.Check(source.Length, sums.Length);
        if (!Vector128.IsHardwareAccelerated)
            AddScalar(source, sums, layout);
        else if (layout.InnerSize < Accumulators)
            AddStacks(source, sums, layout);
        else
            AddRuns(source, sums, layout);
    }

    /// <summary>The reference.</summary>
    public static void AddScalar(ReadOnlySpan<float> source, Span<ChannelSum> sums, ChannelLayout layout)
    {
        layout.Check(source.Length, sums.Length);
        int stack = layout.InnerSize < Accumulators ? LongestStack : 1;
        Span<double> accumulators = stackalloc double[2 * Accumulators];
        for (int outer = 0; outer < layout.OuterSize; outer += stack)
        {
            for (int channel = 0; channel < layout.ChannelCount; channel++)
            {
                for (int start = 0; start < layout.InnerSize; start += LongestRun)
                {
                    int length = Math.Min(LongestRun, layout.InnerSize - start);
                    accumulators.Clear();
                    for (int row = outer; row < Math.Min(layout.OuterSize, outer + stack); row++)
                        AddScalar(source.Slice((((row * layout.ChannelCount) + channel) * layout.InnerSize) + start, length), accumulators);
                    sums[channel] += Total(accumulators);
                }
            }
        }
    }

    /// <param name="accumulators">Of the values, then of the squares.</param>
    private static void AddScalar(ReadOnlySpan<float> source, Span<double> accumulators)
    {
        for (int i = 0; i < source.Length; i++)
        {
            double value = source[i];
            accumulators[i % Accumulators] += value;
            accumulators[Accumulators + (i % Accumulators)] += value * value;
        }
    }

    private static void AddRuns(ReadOnlySpan<float> source, Span<ChannelSum> sums, ChannelLayout layout)
    {
        for (int block = 0; block < layout.BlockCount; block++)
        {
            for (int start = 0; start < layout.InnerSize; start += LongestRun)
            {
                int length = Math.Min(LongestRun, layout.InnerSize - start);
                sums[block % layout.ChannelCount] += OfRun(source.Slice((block * layout.InnerSize) + start, length));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ChannelSum OfRun(ReadOnlySpan<float> run)
    {
        ref float first = ref MemoryMarshal.GetReference(run);
        SixteenDoubles values = default;
        SixteenDoubles squares = default;
        int position = 0;
        for (; position <= run.Length - Accumulators; position += Accumulators)
        {
            SixteenDoubles value = SixteenDoubles.Load(ref first, position);
            values += value;
            squares += value * value;
        }

        // Adding zero changes nothing: a sum that starts with +0 is never −0.
        Span<float> tail = stackalloc float[Accumulators];
        for (int i = 0; i < Accumulators; i++)
            tail[i] = position + i < run.Length ? run[position + i] : 0;
        SixteenDoubles last = SixteenDoubles.Load(ref tail[0], 0);
        return ChannelSum.Of((values + last).Sum(), (squares + (last * last)).Sum());
    }

    /// <summary>The values of a row, whatever channel they belong to, lie in the lanes, sixteen columns at a time.</summary>
    private static void AddStacks(ReadOnlySpan<float> source, Span<ChannelSum> sums, ChannelLayout layout)
    {
        int width = layout.ChannelCount * layout.InnerSize;
        int vectorWidth = width - (width % Accumulators);
        double[] accumulators = ArrayPool<double>.Shared.Rent(2 * (width + Accumulators));
        Span<double> values = accumulators.AsSpan(0, width + Accumulators);
        Span<double> squares = accumulators.AsSpan(width + Accumulators, width + Accumulators);
        Span<double> ofChannel = stackalloc double[2 * Accumulators];
        for (int outer = 0; outer < layout.OuterSize; outer += LongestStack)
        {
            ReadOnlySpan<float> rows = source.Slice(outer * width, Math.Min(LongestStack, layout.OuterSize - outer) * width);
            accumulators.AsSpan().Clear();
            for (int row = 0; row < rows.Length; row += width)
                AddRow(rows.Slice(row, vectorWidth), values, squares);
            AddColumnsScalar(rows, vectorWidth, width, values, squares);
            for (int channel = 0; channel < layout.ChannelCount; channel++)
            {
                ofChannel.Clear();
                values.Slice(channel * layout.InnerSize, layout.InnerSize).CopyTo(ofChannel);
                squares.Slice(channel * layout.InnerSize, layout.InnerSize).CopyTo(ofChannel[Accumulators..]);
                sums[channel] += ChannelSum.Of(
                    SixteenDoubles.Load(ref ofChannel[0]).Sum(), SixteenDoubles.Load(ref ofChannel[Accumulators]).Sum());
            }
        }

        ArrayPool<double>.Shared.Return(accumulators);
    }

    private static void AddColumnsScalar(ReadOnlySpan<float> rows, int firstColumn, int width, Span<double> values, Span<double> squares)
    {
        for (int row = 0; row < rows.Length; row += width)
        {
            for (int column = firstColumn; column < width; column++)
            {
                double value = rows[row + column];
                values[column] += value;
                squares[column] += value * value;
            }
        }
    }

    /// <param name="row">[columns], whole vectors.</param>
    /// <param name="values">At least as long, added to.</param>
    /// <param name="squares">Likewise.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(ReadOnlySpan<float> row, Span<double> values, Span<double> squares)
    {
        ref float start = ref MemoryMarshal.GetReference(row);
        ref double firstValue = ref MemoryMarshal.GetReference(values);
        ref double firstSquare = ref MemoryMarshal.GetReference(squares);
        for (int column = 0; column < row.Length; column += Accumulators)
        {
            SixteenDoubles value = SixteenDoubles.Load(ref start, column);
            ref double valueSum = ref Unsafe.Add(ref firstValue, column);
            ref double squareSum = ref Unsafe.Add(ref firstSquare, column);
            (SixteenDoubles.Load(ref valueSum) + value).Store(ref valueSum);
            (SixteenDoubles.Load(ref squareSum) + (value * value)).Store(ref squareSum);
        }
    }

    private static ChannelSum Total(Span<double> accumulators)
    {
        for (int half = Accumulators / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                accumulators[i] += accumulators[i + half];
                accumulators[Accumulators + i] += accumulators[Accumulators + i + half];
            }
        }

        return ChannelSum.Of(accumulators[0], accumulators[Accumulators]);
    }
}
