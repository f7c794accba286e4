using QuantBuild.Cli.Rendering;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class ProgressViewTests
{
    private const string Color = "\e[38;";

    [TestMethod]
    public void Redirected_OneLineWhenAStageBegins()
    {
        using var errors = new StringWriter { NewLine = "\n" };

        int result = ProgressView.For(new ToolConsole(TextWriter.Null, errors, IsErrorTerminal: false)).Watch(Work);

        Assert.AreEqual(7, result);
        Assert.AreEqual("net: load\nnet: calibrate\nnet: load\n", errors.ToString());
    }

    [TestMethod]
    public void Terminal_ABarThatGoesAway_ColoursOnlyWithoutNoColor()
    {
        string? before = Environment.GetEnvironmentVariable("NO_COLOR");
        try
        {
            Environment.SetEnvironmentVariable("NO_COLOR", "1");
            string plain = OnTerminal();

            StringAssert.Contains(plain, "net: calibrate");
            StringAssert.Contains(plain, "\e[?25h", "the cursor is back");
            Assert.IsFalse(plain.Contains(Color, StringComparison.Ordinal), plain);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NO_COLOR", before);
        }
    }

    [TestMethod]
    public void Terminal_WorkFails_TheExceptionComesThrough() =>
        Assert.ThrowsExactly<OperationCanceledException>(() => ProgressView.For(new ToolConsole(TextWriter.Null, TextWriter.Null, IsErrorTerminal: true))
            .Watch<int>(_ => throw new OperationCanceledException()));

    private static string OnTerminal()
    {
        using var errors = new StringWriter();
        ProgressView.For(new ToolConsole(TextWriter.Null, errors, IsErrorTerminal: true)).Watch(Work);
        return errors.ToString();
    }

    private static int Work(IProgress<StageProgress> progress)
    {
        progress.Report(new StageProgress("net", "load", 0));
        progress.Report(new StageProgress("net", "load", 1));
        progress.Report(new StageProgress("net", "calibrate", 0.5));
        Thread.Sleep(300);
        progress.Report(new StageProgress("net", "load", 0));
        return 7;
    }
}
