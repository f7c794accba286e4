using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using QuantBuild.Caching;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Kills;

/// <summary>A project with one model, that is built from nothing, disturbed, and built again.</summary>
internal sealed class KilledProject : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly TempProject project;

    /// <summary>Builds it undisturbed.</summary>
    public KilledProject(PackageSource source)
    {
        project = new TempProject(source);
        DotNetRun run = project.Build();
        Reference = run.ExitCode == 0 ? Fingerprint() : throw new InvalidOperationException(run.Output);
    }

    /// <summary>Hashes of what the undisturbed build made.</summary>
    public string Reference { get; }

    /// <summary>From the start of the worker that quantizes to its end, in a build that is not disturbed.</summary>
    public TimeSpan LifeOfTheWorker()
    {
        Forget();
        using RunningBuild build = project.StartBuild("--no-restore");
        int worker = WaitForWorker(build);
        long start = Stopwatch.GetTimestamp();
        while (Processes.WorkersOf(project).Contains(worker))
            Thread.Sleep(Poll);
        TimeSpan life = Stopwatch.GetElapsedTime(start);
        return build.WaitForEnd().ExitCode == 0 ? life : throw new InvalidOperationException(build.Output);
    }

    /// <param name="moment">So long after the start of the worker.</param>
    /// <param name="limit">When every worker must have ended.</param>
    public KillOutcome Kill(bool theBuild, TimeSpan moment, TimeSpan limit)
    {
        Forget();
        bool wasAlive;
        bool ended;
        TimeSpan end;
        using (RunningBuild build = project.StartBuild("--no-restore"))
        {
            int worker = WaitForWorker(build);
            Thread.Sleep(moment);
            wasAlive = Processes.WorkersOf(project).Contains(worker);
            if (theBuild)
                build.Signal("KILL");
            else
                Processes.Signal(worker, "KILL");
            long start = Stopwatch.GetTimestamp();
            build.WaitForEnd();
            ended = Processes.EndWithin(project, limit);
            end = Stopwatch.GetElapsedTime(start);
        }
        bool halfWritten = HalfWritten();
        DotNetRun next = project.Build("--no-restore");
        return new KillOutcome(wasAlive, ended, end.TotalSeconds, halfWritten, next.ExitCode, Fingerprint() == Reference, LeftOver());
    }

    public void Dispose() => project.Dispose();

    private int WaitForWorker(RunningBuild build)
    {
        while (!build.HasEnded)
        {
            if (Processes.QuantizingWorkerOf(project) is { } worker)
                return worker;
            Thread.Sleep(Poll);
        }
        throw new InvalidOperationException($"The build starts no worker. It wrote:\n{build.Output}");
    }

    /// <summary>The cache too, so that the work is done again.</summary>
    private void Forget()
    {
        foreach (string folder in new[] { project.OutputDirectory, project.CacheDirectory }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        File.Delete(project.File("quantbuild.lock.json"));
    }

    private string Fingerprint() => string.Join(' ', new[] { "digits.onnx", "digits.g.cs", "digits.lock.json" }.Select(project.Output)
        .Append(project.File("quantbuild.lock.json"))
        .Select(path => File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..12] : "none"));

    /// <summary>Whether a file under its real name is not what an undisturbed build writes, or cannot be read.</summary>
    private bool HalfWritten()
    {
        try
        {
            string[] reference = Reference.Split(' ');
            bool differs = Fingerprint().Split(' ').Where((hash, file) => hash != "none" && hash != reference[file]).Any();
            foreach (string path in Directory.GetFiles(project.OutputDirectory, "*.json"))
                JsonDocument.Parse(File.ReadAllBytes(path)).Dispose();
            string results = Path.Combine(project.CacheDirectory, "v1", "results");
            foreach (string entry in Directory.Exists(results) ? Directory.GetDirectories(results) : [])
                CacheManifest.Read(entry).Verify(entry);
            return differs;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or IOException)
        {
            return true;
        }
    }

    private IReadOnlyList<string> LeftOver() => [.. new[] { project.OutputDirectory, project.Directory }
        .SelectMany(folder => Directory.GetFiles(folder, "*.tmp")).Select(path => Path.GetFileName(path))];
}

/// <param name="WasAlive">The worker was still at work.</param>
/// <param name="WorkersEnded">No worker was there when the time was over.</param>
/// <param name="EndSeconds">From the signal until the build and its workers were gone.</param>
/// <param name="LeftOver">Temporary files after the next build.</param>
internal sealed record KillOutcome(
    bool WasAlive, bool WorkersEnded, double EndSeconds, bool HalfWritten, int NextExitCode, bool SameBytes, IReadOnlyList<string> LeftOver)
{
    public bool IsRight => WorkersEnded && !HalfWritten && NextExitCode == 0 && SameBytes && LeftOver.Count == 0;

    public override string ToString() => IsRight
        ? $"right, gone after {EndSeconds:F1} s"
        : $"WRONG: ended {WorkersEnded}, half-written {HalfWritten}, next build {NextExitCode}, same bytes {SameBytes}, "
            + $"left {string.Join(' ', LeftOver)}";
}
