namespace QuantBuild.Benchmarks.Rivals;

/// <summary>One way in which every model is quantized.</summary>
/// <param name="Configuration">As rows name it.</param>
/// <param name="Settings">Beside the data.</param>
internal sealed record Recipe(string Configuration, IReadOnlyDictionary<string, string> Settings)
{
    public const string Static = "static";

    public const string Best = "best";

    private static readonly Dictionary<string, string> InIntegers = new() { ["Scheme"] = "Static", ["Objective"] = "Size" };

    public static IReadOnlyList<Recipe> All { get; } =
    [
        new(Static, InIntegers),
        new(Best, WithRecovery(RecoveryStep.Available)),
        new("default", new Dictionary<string, string>()),
    ];

    /// <summary>Settings of row <see cref="Best"/>, with these steps switched on and all others switched off.</summary>
    public static Dictionary<string, string> WithRecovery(IReadOnlyCollection<RecoveryStep> steps)
    {
        var settings = new Dictionary<string, string>(InIntegers);
        foreach (RecoveryStep step in RecoveryStep.Available)
            settings.Add(step.Setting, steps.Contains(step) ? step.On : step.Off);
        return settings;
    }
}
