namespace QuantBuild.Differentiation.Operators;

/// <summary>Operators that change where elements stand, and nothing else.</summary>
internal static class Arrangements
{
    public static DifferentiableOperator Flatten(OperatorSite site)
    {
        int axis = site.Int("axis", 1);
        return new ShapeOperator(shape =>
        {
            int at = axis < 0 ? axis + shape.Length : axis;
            return [DenseTensor.LengthOf(shape.AsSpan(0, at)), DenseTensor.LengthOf(shape.AsSpan(at))];
        });
    }

    public static DifferentiableOperator Reshape(OperatorSite site)
    {
        int[] target = site.Integers(1)!;
        bool zeroIsZero = site.Int("allowzero", 0) != 0;
        return new ShapeOperator(shape =>
        {
            int[] result = [.. target.Select((dimension, axis) => dimension == 0 && !zeroIsZero ? shape[axis] : dimension)];
            int open = Array.IndexOf(result, -1);
            if (open >= 0)
                result[open] = DenseTensor.LengthOf(shape) / result.Where(dimension => dimension >= 0).Aggregate(1, (product, dimension) => product * dimension);
            if (DenseTensor.LengthOf(result) != DenseTensor.LengthOf(shape))
                throw new NotDifferentiableException("it takes a fixed number of samples");
            return result;
        });
    }

    public static DifferentiableOperator Squeeze(OperatorSite site)
    {
        int[]? axes = site.Integers(1);
        return new ShapeOperator(shape =>
        [
            .. shape.Where((dimension, axis) => axes is null ? dimension != 1 : !axes.Contains(axis) && !axes.Contains(axis - shape.Length)),
        ]);
    }

    public static DifferentiableOperator Unsqueeze(OperatorSite site)
    {
        int[] axes = site.Integers(1) ?? throw new NotDifferentiableException("its axes are left out");
        return new ShapeOperator(shape =>
        {
            int rank = shape.Length + axes.Length;
            var rest = new Queue<int>(shape);
            return [.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) || axes.Contains(axis - rank) ? 1 : rest.Dequeue())];
        });
    }

    public static DifferentiableOperator Transpose(OperatorSite site)
    {
        int[]? order = site.IntsOrNull("perm");
        return new ViewOperator(shape => StridedView.Of(shape).Permute(order ?? [.. Enumerable.Range(0, shape.Length).Reverse()]));
    }

    public static DifferentiableOperator Slice(OperatorSite site)
    {
        int[] starts = site.Integers(1)!;
        int[] ends = site.Integers(2)!;
        int[] axes = site.Integers(3) ?? [.. Enumerable.Range(0, starts.Length)];
        int[] steps = site.Integers(4) ?? [.. Enumerable.Repeat(1, starts.Length)];
        return new ViewOperator(shape =>
        {
            StridedView view = StridedView.Of(shape);
            for (int i = 0; i < starts.Length; i++)
            {
                int axis = axes[i] < 0 ? axes[i] + shape.Length : axes[i];
                int size = shape[axis];
                int first = Bound(starts[i], size, 0, steps[i] < 0 ? size - 1 : size);
                int end = Bound(ends[i], size, steps[i] < 0 ? -1 : 0, size);
                int count = steps[i] > 0 ? (end - first + steps[i] - 1) / steps[i] : (first - end - steps[i] - 1) / -steps[i];
                view = view.Cut(axis, first, Math.Max(0, count), steps[i]);
            }
            return view;
        });
    }

    /// <summary>One position of an axis, as a classifier reads the first word.</summary>
    public static DifferentiableOperator Gather(OperatorSite site)
    {
        int[] indices = site.Integers(1)!;
        OperatorSite.Require(indices.Length == 1, "it reads several positions");
        int axis = site.Int("axis", 0);
        bool keepsAxis = site.ShapeOf(1).Length == 1;
        OperatorSite.Require(keepsAxis || axis >= 0, "it counts its axis from the last one");
        return new ViewOperator(
            shape =>
            {
                int at = axis < 0 ? axis + shape.Length : axis;
                return StridedView.Of(shape).Cut(at, indices[0] < 0 ? indices[0] + shape[at] : indices[0], 1);
            },
            keepsAxis ? -1 : axis);
    }

    private static int Bound(int position, int size, int low, int high) =>
        (int)Math.Clamp(position < 0 ? (long)position + size : position, low, high);
}
