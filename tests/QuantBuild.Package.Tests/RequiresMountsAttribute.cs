using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Leaves tests out where this process may not mount volumes.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresMountsAttribute : ConditionBaseAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        using var folder = new TemporaryFolder();
        using SmallVolume? volume = SmallVolume.TryAt(folder.Path, kibibytes: 4);
        return volume is not null;
    });

    public RequiresMountsAttribute()
        : base(ConditionMode.Include)
    {
        IgnoreMessage = "Volumes cannot be mounted here.";
    }

    public override string GroupName => nameof(RequiresMountsAttribute);

    public override bool IsConditionMet => OperatingSystem.IsLinux() && CanMount.Value;
}
