using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Testing;

/// <summary>Writes a model of any size whose weights lie in a file beside it, as exporters write large transformers: blocks of
/// LayerNormalization → MatMul + bias → Relu → MatMul + bias → + residual. Holds one weight in memory.</summary>
internal static class LargeModel
{
    public const string InputName = "x";

    public const string OutputName = "y";

    /// <summary>Tokens of a sample.</summary>
    public const int Tokens = 8;

    /// <summary>The inner layer of a block is so many times as wide as the model.</summary>
    private const int Expansion = 4;

    /// <param name="path">Of the model; the weights go to a file of this name with <c>.data</c> behind it.</param>
    /// <param name="width">Values of a token.</param>
    /// <param name="blocks">Each has 8 · width² weights of 4 bytes.</param>
    /// <returns>Bytes of the largest weight.</returns>
    public static long Write(string path, int width, int blocks)
    {
        var model = new ModelBuilder().Input(InputName, $"n,{Tokens},{width}");
        string value = InputName;
        for (int i = 0; i < blocks; i++)
        {
            string next = i == blocks - 1 ? OutputName : $"block{i}";
            model.PositiveWeights($"gain{i}", width).Weights($"shift{i}", width)
                .Weights($"b{i}.0", width * Expansion).Weights($"b{i}.1", width)
                .Node("LayerNormalization", $"{value} gain{i} shift{i}", $"n{i}", ("axis", -1))
                .Node("MatMul", $"n{i} w{i}.0", $"p{i}").Node("Add", $"p{i} b{i}.0", $"a{i}").Node("Relu", $"a{i}", $"r{i}")
                .Node("MatMul", $"r{i} w{i}.1", $"q{i}").Node("Add", $"q{i} b{i}.1", $"c{i}").Node("Add", $"{value} c{i}", next);
            value = next;
        }
        ModelProto proto = model.Output(OutputName, $"n,{Tokens},{width}").Build().Proto;

        using var data = new ExternalDataFile(path);
        var values = new float[(long)width * width * Expansion];
        for (int i = 0; i < blocks; i++)
        {
            proto.Graph.Initializer.Add(Append($"w{i}.0", [width, width * Expansion], 2 * i));
            proto.Graph.Initializer.Add(Append($"w{i}.1", [width * Expansion, width], (2 * i) + 1));
        }
        File.WriteAllBytes(path, new OnnxModel(proto).ToBytes());
        return values.LongLength * sizeof(float);

        TensorProto Append(string name, long[] shape, int seed)
        {
            Fill(values, (ulong)seed, scale: 1 / MathF.Sqrt(shape[0]));
            return data.Append(name, shape, values);
        }
    }

    /// <summary>Sums of four uniform values, nearly normal, from a linear congruential generator: a gigabyte takes a second.</summary>
    private static void Fill(float[] values, ulong seed, float scale)
    {
        ulong state = (seed * 0x9E3779B97F4A7C15) + 1;
        for (int i = 0; i < values.Length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            long sum = (short)(state >> 48) + (short)(state >> 32) + (short)(state >> 24) + (short)(state >> 40);
            values[i] = sum * (scale / 32768);
        }
    }
}
