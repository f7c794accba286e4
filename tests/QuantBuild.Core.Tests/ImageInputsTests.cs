using QuantBuild.Core.Tests.Settings;
using QuantBuild.Diagnostics;
using QuantBuild.Imaging;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Core.Tests;

/// <summary>What image settings mean for a model, and that every contradiction is told before any work.</summary>
[TestClass]
public sealed class ImageInputsTests
{
    [TestMethod]
    [DataRow("n,3,224,224", false, 3)]
    [DataRow("n,224,224,3", true, 3)]
    [DataRow("1,1,28,28", false, 1)]
    [DataRow("3,h,w", false, 3)]
    [DataRow("h,w,1", true, 1)]
    public void Plan_Shape_TellsChannelsAndLayout(string shape, bool isChannelsLast, int channels)
    {
        PixelPlan plan = Plan(shape, out _, ("Resize", "224x224"), ("CenterCrop", shape.Contains("28", StringComparison.Ordinal) ? "28" : "224"))!;

        Assert.AreEqual((isChannelsLast, channels), (plan.IsChannelsLast, plan.Channels));
        Assert.AreEqual(shape.Split(',').Length, plan.Rank);
    }

    [TestMethod]
    public void Plan_EverySetting_IsInThePlan()
    {
        PixelPlan plan = Plan(
            "n,3,h,w", out _, ("Resize", "256"), ("CenterCrop", "240X224"), ("Interpolation", "bicubic"), ("PixelRange", "-1..1"),
            ("Mean", "0.1,-0.2, 0.3"), ("Std", "5e-1"), ("ColorOrder", "bgr"))!;

        CollectionAssert.AreEqual(new[] { 256 }, plan.Resize.ToArray());
        CollectionAssert.AreEqual(new[] { 240, 224 }, plan.Crop.ToArray());
        CollectionAssert.AreEqual(new[] { 0.1f, -0.2f, 0.3f }, plan.Mean.ToArray());
        CollectionAssert.AreEqual(new[] { 0.5f, 0.5f, 0.5f }, plan.Std.ToArray());
        Assert.AreEqual((2, 127.5f, -1f, true), (plan.FilterRadius, plan.Divisor, plan.Offset, plan.IsBgr));
    }

    [TestMethod]
    public void Plan_BytesOfAModelThatTakesBytes_StayBytes()
    {
        PixelPlan plan = Plan("n,3,8,8", out _, OnnxElementType.UInt8, ("Resize", "8x8"))!;

        Assert.AreEqual((true, 1f, 0f), (plan.IsBytes, plan.Divisor, plan.Offset));
    }

    [TestMethod]
    [DataRow("n,10", "has three axes, or four")]
    [DataRow("n,4,8,8", "no axis of 1 or 3 channels is seen; set Layout")]
    [DataRow("n,3,8,3", "the first or the last axis of the picture; set Layout")]
    public void Plan_ModelWithoutPictures_QB4020OnAnItemAndNothingOnAProject(string shape, string reason)
    {
        Assert.IsNull(Plan(shape, out Diagnostic? problem, ("Resize", "8x8")));
        Assert.AreEqual("QB4020", problem!.Code);
        StringAssert.Contains(problem.Message, reason);
        Assert.AreEqual("Resize", problem.Origin?.Setting);

        using SettingsProject project = new SettingsProject().WithProperty("QuantBuildResize", "8x8").WithModel("a.onnx");
        DiagnosticBag problems = new();
        Assert.IsNull(ImageInputs.Plan(project.ResolveOnly(), Signature(shape, OnnxElementType.Float), false, problems));
        Assert.IsEmpty(problems.Diagnostics);
    }

    [TestMethod]
    public void Plan_PicturesAsData_NeedsAPictureWhateverIsSet()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx");
        DiagnosticBag problems = new();
        QuantizationSettings settings = project.ResolveOnly();

        Assert.IsNull(ImageInputs.Plan(settings, Signature("n,10", OnnxElementType.Float), true, problems));
        Assert.AreEqual("QB4020", problems.Diagnostics.Single().Code);
        Assert.IsNotNull(ImageInputs.Plan(settings, Signature("n,3,8,8", OnnxElementType.Float), true, problems));
    }

    [TestMethod]
    public void Plan_TwoInputsOrIntegers_QB4020()
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", ("Resize", "8"));
        QuantizationSettings settings = project.ResolveOnly();
        DiagnosticBag problems = new();
        TensorSignature input = Signature("n,3,8,8", OnnxElementType.Float).Inputs[0];

        ImageInputs.Plan(settings, new ModelSignature([input, input with { Name = "y" }], []), false, problems);
        ImageInputs.Plan(settings, new ModelSignature([input with { ElementType = OnnxElementType.Int64 }], []), false, problems);

        StringAssert.Contains(problems.Diagnostics[0].Message, "it has 2 inputs");
        StringAssert.Contains(problems.Diagnostics[1].Message, "pictures are given as float32 or uint8");
    }

    [TestMethod]
    [DataRow("n,3,224,224", "Resize", "256", "the longer side depends on the picture, and the model takes 224 x 224 pixels")]
    [DataRow("n,3,224,224", "Resize", "256x224", "pictures come to 256 x 224 pixels (width x height), and the model takes 224 x 224")]
    [DataRow("n,3,20,w", "CenterCrop", "10x30", "pictures come to 10 x 30 pixels (width x height), and the model takes any x 20")]
    [DataRow("n,3,8,8", "Mean", "0.5;0.5", "these are 2 numbers, and the model takes 3 channels")]
    [DataRow("n,1,8,8", "Std", "1;2;3", "these are 3 numbers, and the model takes 1 channel")]
    [DataRow("n,3,8,8", "Mean", "123.675", "values of pictures lie in 0..1; set PixelRange")]
    [DataRow("n,1,8,8", "ColorOrder", "BGR", "it takes grey")]
    public void Plan_SettingThatDoesNotFit_QB4021SaysBothSides(string shape, string setting, string value, string reason)
    {
        Assert.IsNull(Plan(shape, out Diagnostic? problem, (setting, value)));

        Assert.AreEqual("QB4021", problem!.Code);
        StringAssert.Contains(problem.Message, reason);
        StringAssert.Contains(problem.Message, $"{setting}={value}");
        Assert.AreEqual(setting, problem.Origin?.Setting);
    }

    [TestMethod]
    [DataRow("Mean", "0.5")]
    [DataRow("Std", "0.5")]
    [DataRow("PixelRange", "0..1")]
    public void Plan_NumbersForAModelThatTakesBytes_QB4021(string setting, string value)
    {
        Assert.IsNull(Plan("n,3,8,8", out Diagnostic? problem, OnnxElementType.UInt8, (setting, value)));

        Assert.AreEqual("QB4021", problem!.Code);
        StringAssert.Contains(problem.Message, "takes the bytes as they are");
    }

    [TestMethod]
    [DataRow("Resize", "0")]
    [DataRow("Resize", "256x")]
    [DataRow("Resize", "1x2x3")]
    [DataRow("CenterCrop", "99999")]
    [DataRow("Mean", "a;b;c")]
    [DataRow("Mean", "1e50")]
    [DataRow("Std", "0")]
    [DataRow("Std", "1;-1;1")]
    [DataRow("PixelRange", "0..2")]
    [DataRow("Interpolation", "Lanczos")]
    public void Resolve_ValueThatIsNone_QB1002(string setting, string value)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", (setting, value));

        Assert.IsEmpty(project.Resolve());

        Assert.AreEqual("QB1002", project.OnlyProblem.Code);
    }

    private static PixelPlan? Plan(string shape, out Diagnostic? problem, params (string Name, string Value)[] settings) =>
        Plan(shape, out problem, OnnxElementType.Float, settings);

    private static PixelPlan? Plan(string shape, out Diagnostic? problem, OnnxElementType type, params (string Name, string Value)[] settings)
    {
        using SettingsProject project = new SettingsProject().WithModel("a.onnx", settings);
        DiagnosticBag problems = new();
        PixelPlan? plan = ImageInputs.Plan(project.ResolveOnly(), Signature(shape, type), isDataOfPictures: false, problems);
        problem = problems.Diagnostics.SingleOrDefault();
        Assert.AreEqual(problem is null, plan is not null);
        return plan;
    }

    private static ModelSignature Signature(string shape, OnnxElementType type) => new(
        [
            new TensorSignature("x", type, [.. shape.Split(',').Select(text =>
                int.TryParse(text, out int size) ? new OnnxDimension(size, null) : new OnnxDimension(null, text))]),
        ],
        []);
}
