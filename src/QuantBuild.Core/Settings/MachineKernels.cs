using System.Globalization;

namespace QuantBuild.Settings;

/// <summary>What was timed of the kernels of a machine; the same choices follow from the same figures wherever they are read again.</summary>
/// <param name="Kernels">By kernel, in ordinal order.</param>
internal sealed record MachineKernels(SortedDictionary<string, KernelFactors> Kernels)
{
    /// <summary>True when the figures are those of the lock file, and nothing was timed.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>For files: <c>1.25 3.5</c> by kernel, the form in float first.</summary>
    public SortedDictionary<string, string> Texts => new(
        Kernels.ToDictionary(kernel => kernel.Key, kernel => string.Create(CultureInfo.InvariantCulture, $"{kernel.Value.Float} {kernel.Value.Integer}")),
        StringComparer.Ordinal);

    /// <summary>The same text for the same figures.</summary>
    public string Text => string.Join('\n', Texts.Select(kernel => $"{kernel.Key}={kernel.Value}"));

    /// <exception cref="InvalidDataException">A kernel has no two positive numbers.</exception>
    public static MachineKernels Parse(IReadOnlyDictionary<string, string> texts)
    {
        var kernels = new SortedDictionary<string, KernelFactors>(StringComparer.Ordinal);
        foreach ((string kernel, string text) in texts)
            kernels.Add(kernel, text.Split(' ') is [var first, var second] && Read(first) is { } inFloat && Read(second) is { } inIntegers
                ? new KernelFactors(inFloat, inIntegers)
                : throw new InvalidDataException($"the kernel '{kernel}' has no two numbers in '{text}'"));
        return new MachineKernels(kernels);
    }

    private static double? Read(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) && number > 0 ? number : null;
}
