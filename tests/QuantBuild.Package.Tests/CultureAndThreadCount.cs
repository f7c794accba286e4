using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

[TestClass]
public sealed class CultureAndThreadCount
{
    [TestMethod]
    public void OtherFolderTurkishAndOneThread_SameModelAndSameClass()
    {
        using var here = new TempProject(Package.Source);
        using var there = new TempProject(Package.Source, "Başka bir klasör");

        Verify.Succeeded(here.Build());
        Verify.Succeeded(there.With("DOTNET_PROCESSOR_COUNT", "1").With("LANG", "tr_TR.UTF-8").With("LC_ALL", "tr_TR.UTF-8").Build());

        foreach (string output in new[] { "digits.onnx", "digits.g.cs" })
            CollectionAssert.AreEqual(File.ReadAllBytes(here.Output(output)), File.ReadAllBytes(there.Output(output)), output);
    }
}
