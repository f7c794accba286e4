using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>Windows needs its long paths switched on, for the compiler too.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class DeepFolder
{
    [TestMethod]
    public void ProjectFolderOf250Characters_BuildsAndRuns()
    {
        const int Characters = 250;
        string name = string.Join('/', Enumerable.Repeat(new string('d', 24), 8));
        using var measure = new TemporaryFolder();
        name += "/" + new string('e', Characters - measure.Path.Length - name.Length - 2);
        using var project = new TempProject(Package.Source, name);
        Assert.AreEqual(Characters, project.Directory.Length);

        Verify.Succeeded(project.Build());

        DotNetRun program = project.RunProgram();
        Assert.AreEqual(0, program.ExitCode, program.Errors);
    }
}
