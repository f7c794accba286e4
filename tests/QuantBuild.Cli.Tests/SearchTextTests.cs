using QuantBuild.Cli.Rendering;
using QuantBuild.Reporting;

namespace QuantBuild.Cli.Tests;

[TestClass]
public sealed class SearchTextTests
{
    [TestMethod]
    public void Write_Candidates_SmallestFirstWithWhatTheyMiss()
    {
        var forms = new Dictionary<string, int> { ["integers 8 bits"] = 3, ["float"] = 1 };
        var search = new SearchReport(
            "X64Vnni", "Exact", 9, 3, StoppedByClock: true, 12.5,
            [
                new CandidateReport("all 8 bits", 2048, 0.5, 41, 40.25, 0.001, [0, 0.002], Fits: true, OnFront: true, Chosen: true, forms),
                new CandidateReport("all 4 bits", 1024, 0.4, null, 18, 0.2, null, Fits: false, OnFront: true, Chosen: false, forms, "0.4 points less drop"),
                new CandidateReport("float", 4096, 1, null, null, null, null, Fits: true, OnFront: false, Chosen: false, forms),
            ],
            []);
        using var writer = new StringWriter { NewLine = "\n" };

        SearchText.Write(writer, search);

        Assert.AreEqual(
            """
            3 of 9 planned candidates measured (Exact, X64Vnni), stopped by the clock:
                 candidate      size  cost     SQNR   drop  limits                forms
              *  all 4 bits  1.0 KiB  0.40  18.0 dB    0.2  0.4 points less drop  1 x float, 3 x integers 8 bits
              >  all 8 bits  2.0 KiB  0.50  40.3 dB  0.001  kept                  1 x float, 3 x integers 8 bits
                 float       4.0 KiB  1.00        -      -  kept                  1 x float, 3 x integers 8 bits
              > is what was made; * is as good as any other in size, cost or accuracy.

            """.ReplaceLineEndings("\n"),
            writer.ToString());
    }

    [TestMethod]
    public void Write_NothingSearched_SaysSo()
    {
        using var writer = new StringWriter();

        SearchText.Write(writer, null);

        StringAssert.Contains(writer.ToString(), "Nothing was searched");
    }
}
