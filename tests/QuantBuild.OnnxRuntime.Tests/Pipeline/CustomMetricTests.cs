using System.Text.Json;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Pipeline;

/// <summary>A metric of the user's class, from its method to the gate.</summary>
[TestClass]
public sealed class CustomMetricTests
{
    /// <summary>The model gives back its input, [length,2]; what it should give is a quarter more. Lengths differ.</summary>
    private const string Source = """
        namespace My;
        public class Samples
        {
            public bool HigherIsBetter => false;
            public IEnumerable<Dictionary<string, Array>> GetSamples(string path)
            {
                for (int i = 0; i < 40; i++)
                {
                    var x = new float[i % 5 + 1, 2];
                    var wanted = new double[x.Length];
                    for (int k = 0; k < x.Length; k++)
                    {
                        x[k / 2, k % 2] = (i * 7 + k * 3) % 11 / 10f - 0.5f;
                        wanted[k] = x[k / 2, k % 2] + 0.25;
                    }
                    yield return new() { ["x"] = x, ["wanted"] = wanted, ["name"] = new[] { "sample " + i }, ["number"] = new[] { i } };
                }
            }
            public double Score(IReadOnlyDictionary<string, Array> sample, IReadOnlyDictionary<string, Array> outputs)
            {
                var x = (float[,])sample["x"];
                var wanted = (double[])sample["wanted"];
                var y = (float[,])outputs["y"];
                var best = (long[])outputs["best"];
                int number = ((int[])sample["number"])[0];
                if (((string[])sample["name"])[0] != "sample " + number || x.GetLength(0) != y.GetLength(0) || best.Length != y.GetLength(0))
                    throw new InvalidOperationException("Not what was given.");
                double sum = 0;
                for (int k = 0; k < wanted.Length; k++)
                    sum += Math.Abs(wanted[k] - y[k / 2, k % 2]);
                return sum / wanted.Length;
            }
        }
        """;

    [TestMethod]
    public void Quantize_Score_IsMeasuredOnTheGivenArraysAndAllOutputs()
    {
        using PipelineProject project = Project(Source, ("MaxError", "0.3"), ("MaxAccuracyDrop", "0.05"), ("Slice", "name")).QuantizeAll();

        JsonElement accuracy = project.Report("m").GetProperty("accuracy");
        Assert.AreEqual(("Samples.Score", true), (accuracy.GetProperty("metric").GetString(), accuracy.GetProperty("lowerIsBetter").GetBoolean()));
        Assert.AreEqual(0.25, accuracy.GetProperty("float").GetDouble(), 1e-6);
        Assert.AreEqual(0.25, accuracy.GetProperty("quantized").GetDouble(), 0.02);
        Assert.AreEqual(10, accuracy.GetProperty("samples").GetInt32());
        Assert.AreEqual(10, accuracy.GetProperty("slices").GetArrayLength());
    }

    [TestMethod]
    public void Quantize_ErrorAboveTheLimit_FailsAtTheGateFromTheCacheToo()
    {
        using var cache = new TemporaryFolder();
        using PipelineProject measured = Project(Source);
        ProjectResult first = measured.Quantize(("QuantBuildCacheDirectory", cache.Path));
        Assert.IsTrue(first.Succeeded, string.Join('\n', first.Diagnostics));
        StringAssert.Contains(first.Models[0].Summary, "Samples.Score 0.25 to 0.2");
        using PipelineProject limited = Project(Source, ("Scheme", "Static"), ("MaxError", "0.1"));

        // Another file of the same content would be another assembly.
        File.Copy(Path.Combine(measured.Directory, "Samples.dll"), Path.Combine(limited.Directory, "Samples.dll"), overwrite: true);
        ProjectResult result = limited.Quantize(("QuantBuildCacheDirectory", cache.Path));

        CollectionAssert.AreEqual(new[] { "QB7009" }, PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        Assert.IsTrue(limited.Report("m").GetProperty("fromCache").GetBoolean());
        limited.WithModel("m", Model(), ("DataProvider", "Samples.dll"), ("Metric", "Custom"), ("MinAccuracy", "0.1"));
        ProjectResult turned = limited.Quantize(("QuantBuildCacheDirectory", cache.Path));
        CollectionAssert.AreEqual(new[] { "QB1004" }, PipelineProject.Errors(turned));
        StringAssert.Contains(turned.Diagnostics[^1].Message, "less is better, as its property HigherIsBetter says");
    }

    [TestMethod]
    public void Quantize_LimitOfTheOtherDirection_IsToldBeforeTheWork()
    {
        using PipelineProject project = Project(Source.Replace("public bool HigherIsBetter => false;", "", StringComparison.Ordinal), ("MaxError", "0.3"));
        var stages = new List<string>();

        ProjectResult result = project.Quantize(progress => stages.Add(progress.Stage));

        Diagnostic problem = result.Diagnostics.Single();
        Assert.AreEqual(("QB1004", "MaxError"), (problem.Code, problem.Origin!.Setting));
        StringAssert.Contains(problem.Message, "more is better");
        Assert.DoesNotContain("calibrate", stages);
    }

    [TestMethod]
    public void Quantize_ClassWithoutScore_QB4033BeforeItRuns()
    {
        using PipelineProject project = Project(Source.Replace("double Score(", "double Rate(", StringComparison.Ordinal)
            .Replace("for (int i = 0; i < 40; i++)", "throw new Exception(\"It ran.\"); for (int i = 0; i < 40; i++)", StringComparison.Ordinal));

        Diagnostic problem = project.Quantize().Diagnostics.Single();

        Assert.AreEqual(("QB4033", "DataProvider"), (problem.Code, problem.Origin!.Setting));
        StringAssert.Contains(problem.Message, "the type 'My.Samples' has no method Score; it needs public double Score(");
    }

    [TestMethod]
    [DataRow("return sum / wanted.Length;", "return number == 7 ? double.NaN : sum;", "in its method Score: it gave NaN for sample 7, and a mean needs finite numbers.")]
    [DataRow("(long[])outputs[\"best\"]", "(long[])outputs[\"worst\"]", "in its method Score: System.Collections.Generic.KeyNotFoundException: The given key 'worst'")]
    public void Quantize_ScoreFails_QB4034WithItsOwnMessage(string part, string broken, string message)
    {
        using PipelineProject project = Project(Source.Replace(part, broken, StringComparison.Ordinal));

        ProjectResult result = project.Quantize();

        CollectionAssert.AreEqual(new[] { "QB4034" }, PipelineProject.Errors(result), string.Join('\n', result.Diagnostics));
        StringAssert.Contains(result.Diagnostics[^1].Message, message);
    }

    private static ModelBuilder Model() => new ModelBuilder().Input("x", "n,length,2").Output("y", "n,length,2").Output("best", "n,length", OnnxElementType.Int64)
        .Floats("w", [2, 2], 1, 0, 0, 1).Node("MatMul", "x w", "y").Node("ArgMax", "y", "best", ("axis", 2), ("keepdims", 0));

    private static PipelineProject Project(string source, params (string Name, string Value)[] metadata)
    {
        PipelineProject project = new PipelineProject().WithModel("m", Model(), [("DataProvider", "Samples.dll"), ("Metric", "Custom"), .. metadata]);
        UserAssembly.Write(project.Directory, source);
        return project;
    }
}
