namespace QuantBuild.Testing.RandomGraphs;

/// <summary>Kernel, strides, dilations and padding of a convolution or pooling, with the size of what they give.</summary>
internal sealed record SlidingWindow(long[] Kernel, long[] Strides, long[] Dilations, long[] Pads, string Automatic, bool Ceiling, long[] Output)
{
    /// <param name="size">Of the input, spatial axes only.</param>
    /// <param name="allowsCeiling">True for a pooling, which pads less than its kernel, has no dilations before opset 10, and may round up.</param>
    public static SlidingWindow Choose(GraphGrower g, long[] size, bool allowsCeiling)
    {
        int axes = size.Length;
        long[] kernel = new long[axes], strides = new long[axes], dilations = new long[axes], pads = new long[2 * axes], output = new long[axes];
        string automatic = g.Random.Next(6) == 0 ? new[] { "SAME_UPPER", "SAME_LOWER", "VALID" }[g.Random.Next(3)] : "NOTSET";
        bool ceiling = allowsCeiling && g.Opset >= 10 && automatic == "NOTSET" && g.Random.Next(5) == 0;
        for (int i = 0; i < axes; i++)
        {
            kernel[i] = Math.Min(g.Random.Next(1, 6), size[i]);
            strides[i] = g.Random.Next(3) == 0 ? g.Random.Next(1, 4) : 1;
            dilations[i] = !allowsCeiling && automatic == "NOTSET" && (2 * (kernel[i] - 1)) + 1 <= size[i] && g.Random.Next(4) == 0 ? 2 : 1;
            long window = (dilations[i] * (kernel[i] - 1)) + 1;
            if (automatic == "NOTSET" && g.Random.Next(2) == 0)
            {
                pads[i] = g.Random.Next((int)kernel[i]);
                pads[i + axes] = g.Random.Next((int)kernel[i]);
            }
            long room = size[i] + pads[i] + pads[i + axes] - window;
            output[i] = automatic.StartsWith("SAME", StringComparison.Ordinal)
                ? ((size[i] - 1) / strides[i]) + 1
                : ((ceiling ? room + strides[i] - 1 : room) / strides[i]) + 1;
            // A window that would start in the padding at the end is left out by the runtime, and counted by its inference of shapes.
            if (ceiling && (output[i] - 1) * strides[i] >= size[i] + pads[i])
                return Choose(g, size, allowsCeiling);
        }
        return new SlidingWindow(kernel, strides, dilations, pads, automatic, ceiling, output);
    }

    /// <summary>Attributes with their defaults written out, or not.</summary>
    public IEnumerable<(string Name, object Value)> Attributes(GraphGrower g)
    {
        yield return ("kernel_shape", Kernel);
        if (Strides.Any(stride => stride != 1) || g.Random.Next(2) == 0)
            yield return ("strides", Strides);
        if (Dilations.Any(dilation => dilation != 1))
            yield return ("dilations", Dilations);
        if (Automatic != "NOTSET")
            yield return ("auto_pad", Automatic);
        else if (Pads.Any(pad => pad != 0) || g.Random.Next(2) == 0)
            yield return ("pads", Pads);
        if (Ceiling)
            yield return ("ceil_mode", 1);
    }
}
