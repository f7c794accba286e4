using QuantBuild.Diagnostics;

namespace QuantBuild.Core.Tests.Search;

[TestClass]
public sealed class SearchStoppedTests
{
    [TestMethod]
    public void Message_SaysHowFarItCameAndWhatTheBudgetWas()
    {
        Diagnostic problem = DiagnosticCatalogue.SearchStopped.At(new DiagnosticOrigin("fashion.onnx", "TimeBudget"), "fashion.onnx", 7, 24, "3m");

        Assert.AreEqual("QB5004", problem.Code);
        Assert.AreEqual(DiagnosticSeverity.Warning, problem.Severity);
        Assert.StartsWith(
            "The search for 'fashion.onnx' was stopped after 7 of 24 candidates, because this machine needs more than three times the TimeBudget of 3m",
            problem.Message);
    }
}
