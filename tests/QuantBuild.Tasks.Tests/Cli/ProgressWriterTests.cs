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
}
