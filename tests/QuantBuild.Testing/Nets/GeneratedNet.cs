namespace QuantBuild.Testing.Nets;

/// <summary>A net of a kind that users bring, with weights as training leaves them. Model and samples are the same bytes on every
/// machine.</summary>
/// <param name="name">Lower case, with dashes.</param>
/// <param name="build">Makes the ONNX file.</param>
/// <param name="samples">Makes this many samples from a seed: one array per input of the model, sample axis first.</param>
internal sealed class GeneratedNet(string name, Func<byte[]> build, Func<int, int, IReadOnlyList<NamedArray>> samples)
{
    private readonly Lazy<byte[]> model = new(build);

    public string Name => name;

    /// <summary>The ONNX file.</summary>
    public byte[] Model => model.Value;

    /// <summary>Inputs with structure, as the net would meet them: smooth images, tones, words of unequal frequency.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="seed">Another seed gives other samples of the same distribution.</param>
    /// <returns>One array per input of the model, sample axis first.</returns>
    public IReadOnlyList<NamedArray> Samples(int count, int seed) => samples(count, seed);

    public override string ToString() => name;
}
