using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class MisspeltProperty
{
    [TestMethod]
    public void InTheProject_ErrorStandsAtThePropertyAndNamesTheRightOne()
    {
        using var project = new TempProject(Package.Source);
        project.WriteProject(properties: "<QuantBuildMaxAcuracyDrop>0.01</QuantBuildMaxAcuracyDrop>");

        BuildLog log = Verify.Failed(project, project.Build(), "QB1001");

        Verify.At(project, log.Errors[0], "<QuantBuildMaxAcuracyDrop>");
        StringAssert.Contains(log.Errors[0].Text, "QuantBuildMaxAccuracyDrop");
    }

    [TestMethod]
    public void OnTheCommandLine_IsAnErrorToo()
    {
        using var project = new TempProject(Package.Source);

        BuildLog log = Verify.Failed(project, project.Build("-p:QuantBuildShceme=None"), "QB1001");

        StringAssert.Contains(log.Errors[0].Text, "QuantBuildScheme");
    }
}
