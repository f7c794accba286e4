namespace QuantBuild.Differentiation;

/// <summary>The values of one node in one run. Buffers are kept from run to run.</summary>
/// <param name="inputs">Null: left out, or an integer that <see cref="OperatorSite"/> has read.</param>
/// <param name="wantsGradient">By input.</param>
internal sealed class OperatorRun(ValueSlot?[] inputs, ValueSlot?[] outputs, bool[] wantsGradient)
{
    private readonly List<float[]> floats = [];

    private int[] integers = [];

    /// <summary>Different for every run; what an operator draws by chance follows from it.</summary>
    public ulong Seed { get; set; }

    public int InputCount => inputs.Length;

    public int OutputCount => outputs.Length;

    public bool HasInput(int index) => index < inputs.Length && inputs[index] is not null;

    public bool HasOutput(int index) => outputs[index] is not null;

    public DenseTensor Input(int index) => inputs[index]!.Value;

    public DenseTensor Output(int index = 0) => outputs[index]!.Value;

    /// <summary>The output in a shape; its values are undefined.</summary>
    public Span<float> Output(int index, ReadOnlySpan<int> shape) => outputs[index]!.Value.Resize(shape).Values;

    public ReadOnlySpan<float> OutputGradient(int index = 0) => outputs[index]!.Gradient.Values;

    public bool WantsGradient(int index) => index < wantsGradient.Length && wantsGradient[index];

    /// <summary>To be added to; empty when nobody wants it.</summary>
    public Span<float> InputGradient(int index) => WantsGradient(index) ? inputs[index]!.Gradient.Values : [];

    /// <summary>A buffer that stays what it is between forward and backward; undefined in a new run.</summary>
    public Span<float> Scratch(int slot, int length)
    {
        while (floats.Count <= slot)
            floats.Add([]);
        if (floats[slot].Length < length)
            floats[slot] = new float[length];
        return floats[slot].AsSpan(0, length);
    }

    /// <inheritdoc cref="Scratch"/>
    public Span<int> Indices(int length)
    {
        if (integers.Length < length)
            integers = new int[length];
        return integers.AsSpan(0, length);
    }
}

/// <summary>A value of a run and what the loss changes by when it changes.</summary>
internal sealed class ValueSlot
{
    public DenseTensor Value { get; set; } = new();

    public DenseTensor Gradient { get; } = new();
}
