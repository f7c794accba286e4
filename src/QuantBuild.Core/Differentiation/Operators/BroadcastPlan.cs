namespace QuantBuild.Differentiation.Operators;

/// <summary>How two tensors are laid over each other: runs of neighbouring elements in which each of them goes on or stays.</summary>
internal sealed class BroadcastPlan
{
    private readonly int[] sizes;
    private readonly int[] leftStrides;
    private readonly int[] rightStrides;

    private BroadcastPlan(int[] shape, int[] sizes, int[] leftStrides, int[] rightStrides)
    {
        Shape = shape;
        this.sizes = sizes;
        this.leftStrides = leftStrides;
        this.rightStrides = rightStrides;
        RunLength = sizes[^1];
        Runs = DenseTensor.LengthOf(sizes.AsSpan(0, sizes.Length - 1));
    }

    /// <summary>Of the result.</summary>
    public int[] Shape { get; }

    public int Runs { get; }

    public int RunLength { get; }

    /// <summary>0: one element for the whole run; 1: as many as the run has.</summary>
    public int LeftStep => leftStrides[^1];

    /// <inheritdoc cref="LeftStep"/>
    public int RightStep => rightStrides[^1];

    public static BroadcastPlan Of(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        int rank = Math.Max(left.Length, right.Length);
        var shape = new int[rank];
        List<int> sizes = [1];
        List<(int Left, int Right)> strides = [(0, 0)];
        (int Left, int Right) passed = (1, 1);
        (bool Left, bool Right)? kind = null;
        for (int back = 1; back <= rank; back++)
        {
            int own = back <= left.Length ? left[^back] : 1;
            int other = back <= right.Length ? right[^back] : 1;
            if (own != other && own != 1 && other != 1)
                throw new NotDifferentiableException($"shapes [{string.Join(',', left.ToArray())}] and [{string.Join(',', right.ToArray())}] do not fit");
            int size = own == 1 ? other : own;
            shape[^back] = size;
            if (size == 1)
                continue;
            (bool Left, bool Right) moves = (own != 1, other != 1);
            if (kind == moves)
            {
                sizes[0] *= size;
            }
            else
            {
                if (kind is null)
                    (sizes[0], strides[0]) = (size, (moves.Left ? 1 : 0, moves.Right ? 1 : 0));
                else
                    (sizes, strides) = ([size, .. sizes], [(moves.Left ? passed.Left : 0, moves.Right ? passed.Right : 0), .. strides]);
                kind = moves;
            }
            passed = (passed.Left * own, passed.Right * other);
        }
        return new BroadcastPlan(shape, [.. sizes], [.. strides.Select(stride => stride.Left)], [.. strides.Select(stride => stride.Right)]);
    }

    /// <summary>Where a run starts in both tensors; in the result it starts at <c>run · RunLength</c>.</summary>
    public (int Left, int Right) StartOf(int run)
    {
        int left = 0;
        int right = 0;
        for (int i = sizes.Length - 2; i >= 0; i--)
        {
            (run, int position) = Math.DivRem(run, sizes[i]);
            left += position * leftStrides[i];
            right += position * rightStrides[i];
        }
        return (left, right);
    }
}
