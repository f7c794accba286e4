namespace QuantBuild.Differentiation.Operators;

/// <summary>Elements of a tensor in another order, or a part of them.</summary>
/// <param name="Shape">Of what is seen.</param>
/// <param name="Strides">By axis of what is seen: elements of the tensor from one position to the next; may be 0 or negative.</param>
/// <param name="Start">Of the first element.</param>
internal sealed record StridedView(int[] Shape, int[] Strides, int Start)
{
    /// <summary>The whole tensor.</summary>
    public static StridedView Of(int[] shape)
    {
        var strides = new int[shape.Length];
        for (int axis = shape.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return new StridedView([.. shape], strides, 0);
    }

    /// <summary>A tensor that is laid over a shape: axes that it lacks, or has one position of, stay where they are.</summary>
    public static StridedView Over(int[] tensor, int[] shape)
    {
        int[] own = Of(tensor).Strides;
        int further = shape.Length - tensor.Length;
        return new StridedView(
            [.. shape], [.. shape.Select((_, axis) => axis < further || tensor[axis - further] == 1 ? 0 : own[axis - further])], 0);
    }

    public StridedView Permute(int[] order) => new([.. order.Select(axis => Shape[axis])], [.. order.Select(axis => Strides[axis])], Start);

    /// <summary>Some positions of an axis.</summary>
    public StridedView Cut(int axis, int first, int count, int step = 1)
    {
        int[] shape = [.. Shape];
        int[] strides = [.. Strides];
        shape[axis] = count;
        strides[axis] *= step;
        return new StridedView(shape, strides, Start + (first * Strides[axis]));
    }

    public void Read(ReadOnlySpan<float> tensor, Span<float> seen)
    {
        int width = Shape.Length == 0 ? 1 : Shape[^1];
        int step = Shape.Length == 0 ? 1 : Strides[^1];
        for (int to = 0; to < seen.Length; to += width)
        {
            int from = PositionOf(to / Math.Max(1, width));
            if (step == 1)
                tensor.Slice(from, width).CopyTo(seen[to..]);
            else
                for (int i = 0; i < width; i++)
                    seen[to + i] = tensor[from + (i * step)];
        }
    }

    /// <summary>Adds what is seen to where it stands in the tensor.</summary>
    public void Add(ReadOnlySpan<float> seen, Span<float> tensor)
    {
        int width = Shape.Length == 0 ? 1 : Shape[^1];
        int step = Shape.Length == 0 ? 1 : Strides[^1];
        for (int from = 0; from < seen.Length; from += width)
        {
            int to = PositionOf(from / Math.Max(1, width));
            for (int i = 0; i < width; i++)
                tensor[to + (i * step)] += seen[from + i];
        }
    }

    private int PositionOf(int row)
    {
        int position = Start;
        for (int axis = Shape.Length - 2; axis >= 0; axis--)
        {
            (row, int index) = Math.DivRem(row, Shape[axis]);
            position += index * Strides[axis];
        }
        return position;
    }
}
