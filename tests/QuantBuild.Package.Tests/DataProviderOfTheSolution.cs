using QuantBuild.Testing;

namespace QuantBuild.Package.Tests;

/// <summary>A project of the same build has the class that gives the samples.</summary>
[TestClass]
public sealed class DataProviderOfTheSolution
{
    private const string Item = $"""
        <ProjectReference Include="../Samples/Samples.csproj" ReferenceOutputAssembly="false" />
        <QuantizeModel Include="{TempProject.Model}" CalibrationData="Data" SampleLimit="200" Metric="CosineSimilarity"
                       DataProvider="../Samples/bin/$(Configuration)/net10.0/Samples.dll;MyApp.Samples" />
        """;

    private const string Samples = """
        namespace MyApp;

        public sealed class Samples
        {
            public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path)
            {
                Console.WriteLine("{\"stage\":\"of the provider\" reading " + Path.GetFileName(path));
                var random = new Random(1);
                while (true)
                    yield return new Dictionary<string, Array> { ["image"] = Enumerable.Range(0, 784).Select(_ => random.NextSingle() - 0.5f).ToArray() };
            }
        }
        """;

    [TestMethod]
    public void BuiltFirst_QuantizedWithItsSamples_AndAgainOnlyWhenItChanges()
    {
        using TempProject project = Solution(Samples);

        BuildLog first = Verify.Succeeded(project.Build());
        Assert.AreEqual(1, first.QuantizingWorkers);
        Assert.IsTrue(first.Says("reading Data"), "What the class writes to its console is in the log.");
        Assert.AreEqual(0, Verify.Succeeded(project.Build()).AllWorkers);

        project.Write("../Samples/Samples.cs", Samples.Replace("- 0.5f", "- 0.25f", StringComparison.Ordinal));

        Assert.AreEqual(1, Verify.Succeeded(project.Build()).QuantizingWorkers);
    }

    [TestMethod]
    public void ClassThrows_OneErrorWithItsMessageAndPlace()
    {
        using TempProject project = Solution(Samples.Replace("new Random(1)", "path.Length > 0 ? throw new InvalidOperationException(\"no samples today\") : new Random(1)", StringComparison.Ordinal));

        BuildLog log = Verify.Failed(project, project.Build(), "QB4034");

        StringAssert.Contains(log.Errors[0].Text, "System.InvalidOperationException: no samples today (in MyApp.Samples");
        Verify.At(project, log.Errors[0], "DataProvider=");
    }

    private static TempProject Solution(string samples)
    {
        var project = new TempProject(Package.Source, "Solution/App");
        project.WriteProject(Item);
        project.Write("../Samples/Samples.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """);
        project.Write("../Samples/Samples.cs", samples);
        return project;
    }
}
