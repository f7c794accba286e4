using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;

namespace QuantBuild.Testing;

/// <summary>Writes a transformer of any size whose weights lie in a file beside it: embeddings of tokens and places, layers of attention
/// and a feed-forward part with LayerNormalization before each, and scores of classes. Holds one weight in memory.</summary>
/// <remarks>
/// Weights are as training leaves them, as far as rounding cares: a part of low rank that channels share, and noise beside it; channels
/// whose sizes differ by several times; and single weights far outside. Embeddings gather around the centres of a few hundred topics.
/// </remarks>
internal static class LargeTransformer
{
    public const string InputName = "tokens";

    public const string OutputName = LargeModel.OutputName;

    /// <summary>Tokens of a sample.</summary>
    public const int Tokens = 32;

    private const int Width = 1024;

    private const int Heads = 16;

    private const int Words = 32_000;

    private const int Classes = 64;

    private const int Expansion = 4;

    /// <summary>Of the part that the channels of a weight share.</summary>
    private const int Rank = 8;

    private const int Topics = 256;

    /// <summary>Of four times the model's width and its square: query, key, value, output, and the two of the feed-forward part.</summary>
    private const long LayerWeights = (4 + (2L * Expansion)) * Width * Width;

    /// <summary>[n, tokens, heads, values] → [n, heads, tokens, values], and back.</summary>
    private static readonly long[] HeadsFirst = [0, 2, 1, 3];

    /// <summary>[n, tokens, heads, values] → [n, heads, values, tokens].</summary>
    private static readonly long[] KeysLast = [0, 2, 3, 1];

    /// <param name="path">Of the model; the weights go to a file of this name with <c>.data</c> behind it.</param>
    /// <param name="bytes">About so many, and at least one layer.</param>
    /// <returns>Bytes of the largest weight.</returns>
    public static long Write(string path, long bytes)
    {
        long embeddings = (long)Words * Width;
        int layers = (int)Math.Max(1, ((bytes / sizeof(float)) - embeddings) / LayerWeights);
        var model = new ModelBuilder().Input(InputName, $"n,{Tokens}", OnnxElementType.Int64)
            .Weights("places", Tokens, Width)
            .Int64s("split", 0, 0, Heads, Width / Heads).Int64s("join", 0, 0, Width)
            .Floats("scale", [], MathF.Sqrt((float)Heads / Width))
            .Floats("half", [], 0.5f).Floats("one", [], 1).Floats("root", [], MathF.Sqrt(0.5f))
            .Node("Gather", $"words {InputName}", "embedded").Node("Add", "embedded places", "x0");
        for (int layer = 0; layer < layers; layer++)
            AddLayer(model, layer);
        Normalize(model, $"x{layers}", "last");
        model.Node("ReduceMean", "last", "mean", ("axes", new long[] { 1 }), ("keepdims", 0))
            .Node("MatMul", "mean classes", OutputName).Output(OutputName, $"n,{Classes}");
        ModelProto proto = model.Build().Proto;

        using var data = new ExternalDataFile(path);
        var writer = new CorrelatedWeights(proto.Graph, data);
        writer.AppendEmbeddings("words", Words, Width, Topics);
        for (int layer = 0; layer < layers; layer++)
        {
            foreach (string part in new[] { "q", "k", "v", "o" })
                writer.Append($"{part}{layer}.w", Width, Width, Rank);
            writer.Append($"up{layer}.w", Width, Width * Expansion, Rank);
            writer.Append($"down{layer}.w", Width * Expansion, Width, Rank);
        }
        writer.Append("classes", Width, Classes, Rank);
        File.WriteAllBytes(path, new OnnxModel(proto).ToBytes());
        return embeddings * sizeof(float);
    }

    /// <summary>Sequences in which few words are frequent, as in texts, and a word often comes again soon.</summary>
    public static NamedArray Samples(int count)
    {
        var random = new Random(1);
        var tokens = new long[count * Tokens];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = i % Tokens > 0 && random.Next(4) == 0
                ? tokens[i - 1 - random.Next(i % Tokens)]
                : (long)Math.Min(Words - 1, Math.Exp(random.NextDouble() * Math.Log(Words)) - 1);
        return NamedArray.Of(InputName, [count, Tokens], tokens);
    }

    private static void AddLayer(ModelBuilder model, int layer)
    {
        string x = $"x{layer}";
        Normalize(model, x, $"n{layer}");
        foreach (string part in new[] { "q", "k", "v" })
        {
            Project(model, $"n{layer}", $"{part}{layer}", Width);
            model.Node("Reshape", $"{part}{layer} split", $"{part}{layer}.s")
                .Node("Transpose", $"{part}{layer}.s", $"{part}{layer}.h", ("perm", part == "k" ? KeysLast : HeadsFirst));
        }
        model.Node("MatMul", $"q{layer}.h k{layer}.h", $"raw{layer}").Node("Mul", $"raw{layer} scale", $"scores{layer}")
            .Node("Softmax", $"scores{layer}", $"shares{layer}", ("axis", -1)).Node("MatMul", $"shares{layer} v{layer}.h", $"read{layer}")
            .Node("Transpose", $"read{layer}", $"read{layer}.t", ("perm", HeadsFirst)).Node("Reshape", $"read{layer}.t join", $"joined{layer}");
        Project(model, $"joined{layer}", $"o{layer}", Width);
        model.Node("Add", $"{x} o{layer}", $"y{layer}");
        Normalize(model, $"y{layer}", $"m{layer}");
        Project(model, $"m{layer}", $"up{layer}", Width * Expansion);
        model.Node("Mul", $"up{layer} root", $"g{layer}").Node("Erf", $"g{layer}", $"e{layer}").Node("Add", $"e{layer} one", $"f{layer}")
            .Node("Mul", $"up{layer} f{layer}", $"gelu2{layer}").Node("Mul", $"gelu2{layer} half", $"gelu{layer}");
        Project(model, $"gelu{layer}", $"down{layer}", Width);
        model.Node("Add", $"y{layer} down{layer}", $"x{layer + 1}");
    }

    private static void Normalize(ModelBuilder model, string input, string output) => model
        .PositiveWeights($"{output}.gain", Width).Initializer($"{output}.shift", SeededValues.Tensor($"{output}.shift", -0.2f, 0.2f, Width))
        .Node("LayerNormalization", $"{input} {output}.gain {output}.shift", output, ("axis", -1));

    /// <summary>The weight is <c>OUTPUT.w</c>.</summary>
    private static void Project(ModelBuilder model, string input, string output, int width) => model
        .Initializer($"{output}.b", SeededValues.Tensor($"{output}.b", -0.1f, 0.1f, width))
        .Node("MatMul", $"{input} {output}.w", $"{output}.p").Node("Add", $"{output}.p {output}.b", output);
}
