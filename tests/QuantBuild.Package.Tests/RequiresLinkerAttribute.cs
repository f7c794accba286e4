namespace QuantBuild.Package.Tests;

/// <summary>Leaves tests out where no native program can be linked.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresLinkerAttribute : ConditionBaseAttribute
{
    public RequiresLinkerAttribute()
        : base(ConditionMode.Include)
    {
        IgnoreMessage = OperatingSystem.IsWindows()
            ? "No linker for native programs: Visual Studio with the C++ workload is missing."
            : "No linker for native programs: neither clang nor gcc is on the PATH.";
    }

    public override string GroupName => nameof(RequiresLinkerAttribute);

    public override bool IsConditionMet => OperatingSystem.IsWindows()
        ? File.Exists(Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86), "Microsoft Visual Studio", "Installer", "vswhere.exe"))
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));
}
