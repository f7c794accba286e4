using QuantBuild.Testing;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace QuantBuild.Cli.Tests;

/// <summary>A folder with a model and its data, and the quantized form of the model, made once for all tests that only read it.</summary>
[TestClass]
public static class Digits
{
    public const string Model = "digits.onnx";

    public const string Data = "digits.npz";

    public const string Quantized = "digits.quantized.onnx";

    private static readonly Lazy<(TemporaryFolder Folder, ToolRun Run)> quantized = new(() =>
    {
        var folder = new TemporaryFolder();
        CopyTo(folder.Path);
        return (folder, ToolRun.Of(folder.Path, Quantize()));
    });

    internal static string Folder => quantized.Value.Folder.Path;

    /// <summary>The run that made the quantized form, with its result as JSON.</summary>
    internal static ToolRun Run => quantized.Value.Run;

    /// <summary>Nothing is taken from, or left in, the cache of the user.</summary>
    internal static string[] Quantize(params string[] more) =>
        ["quantize", Model, "--calibration-data", Data, "--cache-directory", "false", "--sample-limit", "400", "--json", .. more];

    internal static void CopyTo(string folder)
    {
        foreach (string name in new[] { Model, Data })
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Models", name), Path.Combine(folder, name));
    }

    [AssemblyCleanup]
    public static void Delete()
    {
        if (quantized.IsValueCreated)
            quantized.Value.Folder.Dispose();
    }
}
