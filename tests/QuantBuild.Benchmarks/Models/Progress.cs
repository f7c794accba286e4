namespace QuantBuild.Benchmarks.Models;

/// <summary>What is being done, on standard error.</summary>
internal static class Progress
{
    public static void Show(string text) => Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {text}");
}
