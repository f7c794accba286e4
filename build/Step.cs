using System.Diagnostics;

namespace QuantBuild.Build;

/// <summary>A piece of work that says what it is when it starts and how long it took when it ends.</summary>
internal static class Step
{
    public static void Run(string title, Action work) =>
        Run(title, () =>
        {
            work();
            return 0;
        });

    public static T Run<T>(string title, Func<T> work)
    {
        Console.WriteLine($"== {title}");
        long start = Stopwatch.GetTimestamp();
        T result = work();
        Console.WriteLine(FormattableString.Invariant($"   {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
        return result;
    }
}
