using QuantBuild.Testing;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace QuantBuild.Package.Tests;

/// <summary>The package under test, extracted once for all tests.</summary>
[TestClass]
public static class Package
{
    private static PackageSource? source;

    internal static PackageSource Source => source!;

    [AssemblyInitialize]
    public static void Find(TestContext context) => source = PackageSource.Find();

    [AssemblyCleanup]
    public static void Forget() => source?.Dispose();
}
