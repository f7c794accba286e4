using Microsoft.Build.Framework;
using QuantBuild.Tasks.Protocol;

namespace QuantBuild.Tasks.Tests;

/// <summary>One item with several variants becomes several models, and one class.</summary>
[TestClass]
public sealed class VariantRequestTests
{
    [TestMethod]
    public void Execute_Variants_AreModelsOfTheirOwnWithOneClass()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("Variants", " Static; WeightOnly8 ;Float16"), ("CalibrationData", "data.npz"));

        (WriteQuantizationRequest task, WorkerRequest request) = project.WriteRequest();

        Assert.AreEqual("fashion.Static fashion.WeightOnly8 fashion.Float16", Join(request.Models.Select(model => model.Name)));
        Assert.AreEqual("fashion.onnx#Static fashion.onnx#WeightOnly8 fashion.onnx#Float16", Join(request.Models.Select(model => model.Id)));
        Assert.IsTrue(request.Models.TrueForAll(model => model is { Family: "fashion", Include: "fashion.onnx" } && model.Path == project.File("fashion.onnx")));
        Assert.AreEqual("obj/quantbuild/fashion.g.cs||", string.Join('|', task.RequestedModels.Select(model => model.GetMetadata("GeneratedCode"))));
        Assert.AreEqual(
            "QuantBuild.fashion.Static.onnx QuantBuild.fashion.WeightOnly8.onnx QuantBuild.fashion.Float16.onnx",
            Join(task.RequestedModels.Select(model => model.GetMetadata("LogicalName"))));
        Assert.AreEqual(3, task.RequestedModels.Select(model => model.GetMetadata("CopiedName")).Distinct().Count());
        Assert.AreEqual(project.File("data.npz"), task.DataFiles.Single().ItemSpec);
    }

    [TestMethod]
    public void Execute_Property_HoldsForItemsWithoutVariantsAndScheme()
    {
        using var project = new TaskProject();
        project.SetProperty("Variants", "Static;Float16");
        project.AddModel("a.onnx");
        project.AddModel("b.onnx", ("Scheme", "Dynamic"));
        project.AddModel("c.onnx", ("Variants", "None"));

        Assert.AreEqual(
            "a.onnx#Static a.onnx#Float16 b.onnx c.onnx#None", Join(project.WriteRequest().Request.Models.Select(model => model.Id)));
    }

    [TestMethod]
    [DataRow("Static;static", "fashion.Static", DisplayName = "Named twice")]
    [DataRow("../Static", "fashion.___Static", DisplayName = "No file name")]
    [DataRow(" ; ", "fashion", DisplayName = "No name")]
    public void Execute_NamesThatTheWorkerRefuses_AreSafeFileNames(string variants, string name)
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("Variants", variants));

        RequestModel model = project.WriteRequest().Request.Models.Single();

        Assert.AreEqual(name, model.Name);
        Assert.AreEqual(variants, model.Metadata.Single().Value, "The worker judges what is written.");
    }

    [TestMethod]
    public void Execute_ClassOfVariantsExists_StampStays()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("Variants", "Static;Float16"));
        project.WriteRequest();
        project.Write("obj/quantbuild/generated.stamp", "");
        foreach (string source in new[] { "fashion.g.cs", "fashion.Static.metadata.g.cs", "fashion.Float16.metadata.g.cs" })
            project.Write("obj/quantbuild/" + source, "");

        project.WriteRequest();
        Assert.IsTrue(File.Exists(project.Output("generated.stamp")));

        File.Delete(project.Output("fashion.g.cs"));
        project.WriteRequest();
        Assert.IsFalse(File.Exists(project.Output("generated.stamp")));
    }

    [TestMethod]
    public void Quantize_OneVariantFails_TheOthersAreCurrent()
    {
        using var project = new TaskProject();
        project.AddModel("fashion.onnx", ("Variants", "Static;Float16"));
        ScriptedWorker worker = project.Quantizing();
        Assert.IsTrue(project.CreateRun(worker).Execute());
        Assert.AreEqual("fashion.onnx#Static fashion.onnx#Float16", Join(TaskProject.Asked(worker).Models.Select(model => model.Id)));
        File.Delete(project.Output("fashion.Static.onnx"));
        File.Delete(project.Output("quantized.stamp"));

        ScriptedWorker failing = project.Quantizing("""
            {"schema":1,"diagnostics":[{"severity":"error","code":"QB7001","message":"low","model":"fashion.onnx#Static"}],"models":[]}
            """);
        Assert.IsFalse(project.CreateRun(failing).Execute());
        Assert.AreEqual("fashion.onnx#Float16", Join(TaskProject.Asked(failing).Models.Where(model => model.IsCurrent).Select(model => model.Id)));
        Assert.IsTrue(File.Exists(project.Output("fashion.Float16.key")));
        Assert.IsFalse(File.Exists(project.Output("quantized.stamp")));
    }

    [TestMethod]
    public void Quantize_VariantIsAdded_TheOthersStayCurrent()
    {
        using var project = new TaskProject();
        ITaskItem item = project.AddModel("fashion.onnx", ("Variants", "Static"));
        Assert.IsTrue(project.CreateRun(project.Quantizing()).Execute());

        item.SetMetadata("Variants", "Static;Float16");
        ScriptedWorker worker = project.Quantizing();
        Assert.IsTrue(project.CreateRun(worker).Execute());

        Assert.AreEqual("fashion.onnx#Float16", Join(TaskProject.Asked(worker).Models.Where(model => !model.IsCurrent).Select(model => model.Id)));
    }

    [TestMethod]
    public void Quantize_WarningOfAVariant_StandsAtItsItem()
    {
        using var project = new TaskProject();
        project.Write("App.csproj", """
            <Project>
              <ItemGroup>
                <QuantizeModel Include="fashion.onnx" Variants="Static;Float16" />
              </ItemGroup>
            </Project>
            """);
        project.AddModel("fashion.onnx", ("Variants", "Static;Float16"));

        project.CreateRun(project.Quantizing("""
            {"schema":1,"diagnostics":[{"severity":"error","code":"QB7001","message":"low","model":"fashion.onnx#Float16"}],"models":[]}
            """)).Execute();

        Assert.AreEqual((project.ProjectFile, 3), (project.Engine.Errors.Single().File, project.Engine.Errors.Single().LineNumber));
    }

    private static string Join(IEnumerable<string> texts) => string.Join(' ', texts);
}
