using QuantBuild.Differentiation;

namespace QuantBuild.Reconstruction.Blocks;

/// <summary>What a block is learned from, for the same samples.</summary>
/// <param name="Float">By input, in the order of <see cref="Block.Inputs"/>, as the float model has it.</param>
/// <param name="Quantized">The same, as the quantized model has it.</param>
/// <param name="Target">The output as the float model has it.</param>
/// <param name="Importance">What an error of each element of the output counts for, of one sample or [samples, …]; null: all the same.</param>
internal sealed record BlockRows(IReadOnlyList<ValueRows> Float, IReadOnlyList<ValueRows> Quantized, ValueRows Target, float[]? Importance = null)
{
    public int Count => Target.Count;

    /// <summary>Mean of <c>importance · target²</c>, per element.</summary>
    public double Power
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Target.Values.Length; i++)
                sum += (double)Target.Values[i] * Target.Values[i] * ImportanceOf(i);
            return Math.Max(sum / Target.Values.Length, float.Epsilon);
        }
    }

    /// <param name="element">Of <see cref="Target"/>.</param>
    public float ImportanceOf(int element) =>
        Importance is null ? 1 : Importance.Length == Target.Values.Length ? Importance[element] : Importance[element % Target.Length];

    /// <summary>Copies samples to where a run reads them.</summary>
    /// <param name="floatShare">How often an element is that of the float model.</param>
    /// <param name="seed">Of what is drawn.</param>
    public void Fill(ReadOnlySpan<int> samples, IReadOnlyList<DenseTensor> inputs, float floatShare, ulong seed)
    {
        for (int input = 0; input < inputs.Count; input++)
        {
            ValueRows quantized = Quantized[input];
            Span<float> to = inputs[input].Resize([samples.Length, .. quantized.SampleShape]).Values;
            for (int i = 0; i < samples.Length; i++)
                quantized[samples[i]].CopyTo(to[(i * quantized.Length)..]);
            if (floatShare <= 0 || ReferenceEquals(Float[input], quantized))
                continue;
            for (int i = 0; i < samples.Length; i++)
            {
                ReadOnlySpan<float> real = Float[input][samples[i]];
                for (int j = 0; j < real.Length; j++)
                    if (Chance.Of(seed, (((long)i * Quantized.Count) + input) * real.Length + j) < floatShare)
                        to[(i * real.Length) + j] = real[j];
            }
        }
    }
}
