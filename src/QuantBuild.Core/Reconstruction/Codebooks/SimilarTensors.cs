using System.Runtime.InteropServices;

namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>Finds tensors that are the same, nearly the same, or multiples of each other, so that one can stand for all.</summary>
internal static class SimilarTensors
{
    /// <summary>Sums of so many parts are compared before all elements are.</summary>
    private const int Parts = 64;

    /// <summary>Sums of squares in double precision.</summary>
    private const double RoundingOfSums = 1e-9;

    /// <param name="tensors">In any shapes: those of one length are compared.</param>
    /// <param name="mostDifference">Of the squared difference, as a part of the tensor's own squares; 0 finds exact multiples alone.</param>
    /// <returns>Groups of two or more, the first of each standing for the others.</returns>
    public static IReadOnlyList<SimilarGroup> Find(IReadOnlyList<float[]> tensors, double mostDifference)
    {
        double[][] sketches = [.. tensors.Select(SketchOf)];
        double[] squares = [.. tensors.Select(tensor => Product(tensor, tensor))];
        var groups = new List<(int First, List<SimilarTensor> Others)>();
        for (int i = 0; i < tensors.Count; i++)
        {
            if (squares[i] == 0 || !double.IsFinite(squares[i]))
                continue;
            int found = groups.FindIndex(group => FactorOf(group.First, i) is not null);
            if (found < 0)
                groups.Add((i, []));
            else
                groups[found].Others.Add(new SimilarTensor(i, FactorOf(groups[found].First, i)!.Value));
        }
        return [.. groups.Where(group => group.Others.Count > 0).Select(group => new SimilarGroup(group.First, group.Others))];

        float? FactorOf(int first, int other)
        {
            if (tensors[first].Length != tensors[other].Length)
                return null;
            double limit = mostDifference * squares[other];
            double sketched = Product(sketches[first], sketches[other]);
            double sketchSquares = Product(sketches[first], sketches[first]);
            double ownSketch = Product(sketches[other], sketches[other]);
            double smallest = sketchSquares > 0 ? ownSketch - (sketched * sketched / sketchSquares) : ownSketch;
            if (smallest > limit + (RoundingOfSums * squares[other]))
                return null;
            float factor = (float)(Product(tensors[first], tensors[other]) / squares[first]);
            double difference = 0;
            for (int i = 0; i < tensors[first].Length; i++)
            {
                // Rounded as the multiplication at run time rounds it.
                double distance = (double)tensors[other][i] - (factor * tensors[first][i]);
                difference += distance * distance;
            }
            return difference <= limit && float.IsFinite(factor) ? factor : null;
        }
    }

    /// <summary>Sums over neighbours, over the root of their number: no difference of two tensors is smaller than that of their sketches.</summary>
    private static double[] SketchOf(float[] tensor)
    {
        var sketch = new double[Parts];
        int length = (tensor.Length + Parts - 1) / Parts;
        for (int i = 0; i < tensor.Length; i++)
            sketch[i / length] += tensor[i];
        for (int part = 0; part < Parts; part++)
            sketch[part] /= Math.Sqrt(Math.Max(length, 1));
        return sketch;
    }

    private static double Product<T>(T[] left, T[] right)
        where T : struct, System.Numerics.INumber<T>
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += double.CreateTruncating(left[i]) * double.CreateTruncating(right[i]);
        return sum;
    }
}

/// <param name="First">Index of the tensor that stands for all.</param>
internal sealed record SimilarGroup(int First, IReadOnlyList<SimilarTensor> Others);

/// <param name="Factor">What the first is multiplied with to be this one; 1 for an equal.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SimilarTensor(int Index, float Factor);
