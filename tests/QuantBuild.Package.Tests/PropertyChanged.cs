using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class PropertyChanged
{
    [TestMethod]
    public void OtherSetting_QuantizesAgain()
    {
        using var project = new TempProject(Package.Source);
        Verify.Succeeded(project.Build());

        BuildLog second = Verify.Succeeded(project.Build("-p:QuantBuildRangeEstimator=MinMax"));
        Assert.AreEqual(1, second.QuantizingWorkers);
        Assert.IsTrue(second.Says("settings, or QuantBuild itself, changed"));

        BuildLog third = Verify.Succeeded(project.Build("-p:QuantBuildRangeEstimator=MinMax"));
        Assert.AreEqual(0, third.AllWorkers);
    }
}
