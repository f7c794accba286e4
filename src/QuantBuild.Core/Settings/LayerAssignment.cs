using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>What each layer with weights becomes, where a search has chosen it.</summary>
/// <param name="Forms">By the name of the node, as reports have it; nodes that share a weight have the same. A node that is not in it becomes what the settings say.</param>
internal sealed record LayerAssignment(IReadOnlyDictionary<string, LayerForm> Forms)
{
    /// <summary>One line a layer, in ordinal order: the same text for the same choice.</summary>
    public string Text => string.Join('\n', Forms.OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => $"{form.Key}={form.Value.Code}"));

    /// <summary>How many layers have which form, the most common one first.</summary>
    public IReadOnlyDictionary<string, int> Counts => Forms.Values.GroupBy(form => form)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Code, StringComparer.Ordinal)
        .ToDictionary(group => group.Key.ToString(), group => group.Count(), StringComparer.Ordinal);

    /// <returns>Null for a node that is not in it.</returns>
    public LayerForm? Of(string node) => Forms.GetValueOrDefault(node);
}

/// <param name="Kernel">What computes the layer.</param>
/// <param name="Bits">In which its weights are stored: 1 to 8, 16 or 32. In an integer kernel at most 8.</param>
internal sealed record LayerForm(LayerKernel Kernel, int Bits)
{
    /// <summary>As the model has it.</summary>
    public static LayerForm Float32 { get; } = new(LayerKernel.Float, 32);

    /// <summary>For files: <c>Integer8</c>.</summary>
    public string Code => string.Create(CultureInfo.InvariantCulture, $"{Kernel}{Bits}");

    /// <summary>For people: <c>integers 8 bits</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kernel switch { LayerKernel.Integer => "integers", LayerKernel.Dynamic => "dynamic", _ => "float" }} {Bits} bits");

    /// <returns>Null when the text is no form.</returns>
    public static LayerForm? Parse(string code)
    {
        int digits = code.AsSpan().IndexOfAnyInRange('0', '9');
        return digits > 0 && Enum.TryParse(code[..digits], out LayerKernel kernel) && Enum.IsDefined(kernel)
            && int.TryParse(code.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && (bits is >= 1 and <= 8 || (bits is 16 or 32 && kernel == LayerKernel.Float))
            ? new LayerForm(kernel, bits)
            : null;
    }
}

internal enum LayerKernel
{
    /// <summary>8-bit integers, with calibrated ranges.</summary>
    Integer,

    /// <summary>8-bit integers, with ranges that are found at every run.</summary>
    Dynamic,

    /// <summary>Floats, which are made of the stored weights.</summary>
    Float,
}
