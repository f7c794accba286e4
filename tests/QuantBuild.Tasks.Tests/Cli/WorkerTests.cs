using QuantBuild.Cli;
using QuantBuild.Execution;
using QuantBuild.Testing;

namespace QuantBuild.Tasks.Tests.Cli;

[TestClass]
public sealed class WorkerTests
{
    private const string Request = """
        {"schema":1,"command":"generate","projectDirectory":"/p","outputDirectory":"/p/obj","rootNamespace":"","language":"C#","properties":[],"models":[]}
        """;

    [TestMethod]
    [DataRow("{\"schema\":1,\"comm", DisplayName = "damaged")]
    [DataRow("null", DisplayName = "null")]
    [DataRow("{\"schema\":1}", DisplayName = "incomplete")]
    public void Run_NoRequest_InternalErrorWithALog(string request) => Assert.AreEqual("QB9001", CodeOf(request, Unused));

    [TestMethod]
    public void Run_OtherSchema_InternalErrorThatNamesBoth()
    {
        using var folder = new TemporaryFolder();
        string result = Run(folder, Request.Replace("\"schema\":1", "\"schema\":7"), Unused);

        StringAssert.Contains(result, "QB9001");
        StringAssert.Contains(result, "the request has the schema 7, this worker speaks 1");
    }

    [TestMethod]
    public void Run_UnknownCommand_InternalError() => Assert.AreEqual("QB9001", CodeOf(Request.Replace("generate", "shrink"), _ => null!));

    [TestMethod]
    public void Run_UnexpectedException_StackTraceGoesToTheLogOnly()
    {
        using var folder = new TemporaryFolder();
        string result = Run(folder, Request, _ => throw new InvalidOperationException("surprise"));

        StringAssert.Contains(result, "surprise");
        StringAssert.Contains(result, "quantbuild.log");
        Assert.IsFalse(result.Contains("   at "), result);
        StringAssert.Contains(File.ReadAllText(folder.File("quantbuild.log")), "   at ");
    }

    [TestMethod]
    public void Run_DiskFull_SaysThatTheOutputCannotBeWritten() => Assert.AreEqual("QB9004", CodeOf(Request, _ => throw new IOException("No space left")));

    [TestMethod]
    public void Run_AccessDenied_SaysThatTheOutputCannotBeWritten() => Assert.AreEqual("QB9004", CodeOf(Request, _ => throw new UnauthorizedAccessException()));

    [TestMethod]
    public void Run_OutOfMemory_SaysSo() => Assert.AreEqual("QB9002", CodeOf(Request, _ => throw new OutOfMemoryException()));

    [TestMethod]
    public void Run_Cancelled_NoResult()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        File.WriteAllText(folder.File("request.json"), Request);
        var worker = new Worker(
            _ =>
            {
                stop.Cancel();
                throw new OperationCanceledException(stop.Token);
            },
            new ProgressWriter(Stream.Null));

        Assert.AreEqual(Worker.Failed, worker.Run(folder.File("request.json"), folder.File("result.json"), stop.Token));
        Assert.IsFalse(File.Exists(folder.File("result.json")));
    }

    private static IInferenceEngine Unused(string? library) => throw new AssertFailedException("No request, no engine.");

    private static string CodeOf(string request, Func<string?, IInferenceEngine> createEngine)
    {
        using var folder = new TemporaryFolder();
        string result = Run(folder, request, createEngine);
        return result.Substring(result.IndexOf("QB", StringComparison.Ordinal), "QB0000".Length);
    }

    private static string Run(TemporaryFolder folder, string request, Func<string?, IInferenceEngine> createEngine)
    {
        File.WriteAllText(folder.File("request.json"), request);

        int exitCode = new Worker(createEngine, new ProgressWriter(Stream.Null))
            .Run(folder.File("request.json"), folder.File("result.json"), CancellationToken.None);

        Assert.AreEqual(Worker.Failed, exitCode);
        return File.ReadAllText(folder.File("result.json"));
    }
}
