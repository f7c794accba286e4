using System.Text;
using QuantBuild.Cli;

namespace QuantBuild.Tasks.Tests.Cli;

[TestClass]
public sealed class ProgressWriterTests
{
    [TestMethod]
    public void Report_ManySteps_OneLineForEachHundredthOfAStage()
    {
        using var output = new MemoryStream();
        using (var writer = new ProgressWriter(output))
        {
            for (int step = 0; step < 1000; step++)
                writer.Report(new StageProgress("fashion", "calibrate", step / 1000.0));
            writer.Report(new StageProgress("fashion", "evaluate", 0.99));
        }

        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(101, lines.Length);
        Assert.AreEqual("""{"model":"fashion","stage":"calibrate","fraction":0}""", lines[0]);
        Assert.AreEqual("""{"model":"fashion","stage":"evaluate","fraction":0.99}""", lines[^1]);
    }

    [TestMethod]
    public void Report_WithDetail_IsPartOfTheLine()
    {
        using var output = new MemoryStream();
        using (var writer = new ProgressWriter(output))
            writer.Report(new StageProgress("fashion", "search", 0.5, "6 of 12 candidates"));

        Assert.AreEqual(
            """{"model":"fashion","stage":"search","fraction":0.5,"detail":"6 of 12 candidates"}""" + "\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [TestMethod]
    public void ConsoleRelay_LinesOfTheUsersCode_AreNoProgress()
    {
        using var output = new MemoryStream();
        using (var writer = new ProgressWriter(output))
        using (var relay = new ConsoleRelay(writer.Log))
        {
            relay.Write("{\"stage\":");
            relay.WriteLine("\"mine\"}\r\nsecond");
            relay.Write("third");
            relay.Flush();
        }

        Assert.AreEqual("QuantBuild: {\"stage\":\"mine\"}\nQuantBuild: second\nQuantBuild: third\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [TestMethod]
    public void Report_NobodyReadsAnyMore_TheWorkGoesOn()
    {
        using var output = new ClosedPipe();
        using var writer = new ProgressWriter(output);

        writer.Report(new StageProgress("fashion", "calibrate", 0));

        Assert.AreEqual(1, output.Writes);
    }

    private sealed class ClosedPipe : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Refuse();

        public override void Write(byte[] buffer, int offset, int count) => Refuse();

        private void Refuse()
        {
            Writes++;
            throw new IOException("Broken pipe");
        }
    }
}
