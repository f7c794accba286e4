using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;
using QuantBuild.Tasks.Protocol;
using QuantBuild.Testing;

namespace QuantBuild.Tasks.Tests.Protocol;

/// <summary>Task and worker have their own types for the two files; what one writes the other reads.</summary>
[TestClass]
public sealed class ContractTests
{
    private const string Awkward = "Åé日本 \"quoted\" back\\slash </script> \u2028 \t %;'()&";

    [TestMethod]
    public void Request_WrittenByTheTask_IsReadByTheWorker()
    {
        using var folder = new TemporaryFolder();
        WorkerRequest written = Request();
        File.WriteAllBytes(folder.File("request.json"), RequestJson.ToBytes(written));

        QuantBuild.Cli.WorkerRequest request = QuantBuild.Cli.WorkerRequest.Read(folder.File("request.json"));
        ProjectRequest read = request.ToProjectRequest();

        Assert.AreEqual("quantize", request.Command);
        Assert.AreEqual(("/project", "/project/obj", "App", "C#"), (read.ProjectDirectory, read.OutputDirectory, read.RootNamespace, read.Language));
        Assert.AreEqual(new SettingText("QuantBuildScheme", Awkward), read.Properties.Single());
        ModelRequest model = read.Models.Single();
        Assert.AreEqual((Awkward, "/project/a.onnx", "a"), (model.Include, model.Path, model.Name));
        Assert.AreEqual(new SettingText("Gate", "Off"), model.Metadata.Single());
        Assert.IsTrue(model.IsCurrent);
        Assert.IsNull(model.Variant);
        Assert.AreEqual(("net8.0", "/project/shared", true), (read.TargetFramework, read.SharedDirectory, read.IsContinuousIntegration));
    }

    [TestMethod]
    public void Variant_WrittenByTheTask_HasTheSameIdInTheWorker()
    {
        using var folder = new TemporaryFolder();
        WorkerRequest written = Request();
        (written.Models[0].Variant, written.Models[0].Family) = ("Static", "a");
        File.WriteAllBytes(folder.File("request.json"), RequestJson.ToBytes(written));

        ModelRequest read = QuantBuild.Cli.WorkerRequest.Read(folder.File("request.json")).ToProjectRequest().Models.Single();

        Assert.AreEqual(("Static", "a", Awkward + "#Static"), (read.Variant, read.Family, read.Id));
        Assert.AreEqual(written.Models[0].Id, read.Id);
        Assert.AreEqual(Encoding.UTF8.GetString(Serialize(written)), Encoding.UTF8.GetString(RequestJson.ToBytes(written)));
    }

    [TestMethod]
    public void Request_WithAndWithoutWhatIsOptional_HasTheBytesOfTheSerializer()
    {
        WorkerRequest whole = Request();
        whole.Tool = Awkward;
        whole.RuntimeLibrary = "C:\\a b\\onnxruntime.dll";
        whole.LockFile = "/project/quantbuild.lock.json";
        WorkerRequest texts = Request();
        texts.Properties = [.. AwkwardTexts().Select(text => new RequestSetting(text, text))];
        WorkerRequest[] requests = [new WorkerRequest(), Request(), whole, texts, whole.With(WorkerRequest.Generate, [])];

        foreach (WorkerRequest request in requests)
            Assert.AreEqual(Encoding.UTF8.GetString(Serialize(request)), Encoding.UTF8.GetString(RequestJson.ToBytes(request)));
    }

    [TestMethod]
    public void Result_WrittenByTheWorker_IsReadByTheTask()
    {
        using var folder = new TemporaryFolder();
        var written = new ProjectResult(
            [
                DiagnosticCatalogue.UnknownSetting.At(new DiagnosticOrigin(Awkward, "Shceme"), "Shceme", "Did you mean Scheme?"),
                DiagnosticCatalogue.FewSamples.At(null, "a", 1, 2),
                DiagnosticCatalogue.HeldOut.At(new DiagnosticOrigin("a.onnx"), 1, 4),
            ],
            [
                new ModelResult(Awkward, "a") { Summary = "one line", Notes = ["found"], Inputs = [new InputFile("model", Awkward, "12ab")] },
                new ModelResult("b.onnx", "b"),
            ]);
        QuantBuild.Cli.WorkerResult.Of(written).Write(folder.File("result.json"));

        WorkerResult read = Json.Deserialize<WorkerResult>(File.ReadAllBytes(folder.File("result.json")));

        Assert.AreEqual(WorkerRequest.CurrentSchema, read.Schema);
        Assert.AreEqual("error QB1001, warning QB4006, message QB4007", string.Join(", ", read.Diagnostics!.Select(entry => entry.Severity + " " + entry.Code)));
        Assert.AreEqual((Awkward, "Shceme"), (read.Diagnostics![0].Model, read.Diagnostics[0].Setting));
        Assert.AreEqual(written.Diagnostics[0].Message, read.Diagnostics[0].Message);
        Assert.IsNull(read.Diagnostics[1].Model);
        Assert.AreEqual((Awkward, "a", "one line"), (read.Models![0].Include, read.Models[0].Name, read.Models[0].Summary));
        Assert.AreEqual((Awkward, "12ab", "found"), (read.Models[0].Inputs!.Single().Path, read.Models[0].Inputs![0].Sha256, read.Models[0].Notes!.Single()));
        Assert.IsNull(read.Models[1].Summary);
        Assert.IsNull(read.Models[1].Inputs);
    }

    [TestMethod]
    public void TaskDiagnostics_CodesAndTexts_AreThoseOfTheCatalogue()
    {
        (DiagnosticDescriptor Expected, string Code, string Format)[] pairs =
        [
            (DiagnosticCatalogue.WorkerFailed, TaskDiagnostics.WorkerFailedCode, TaskDiagnostics.WorkerFailedFormat),
            (DiagnosticCatalogue.HostNotFound, TaskDiagnostics.HostNotFoundCode, TaskDiagnostics.HostNotFoundFormat),
            (DiagnosticCatalogue.OutputNotWritable, TaskDiagnostics.OutputNotWritableCode, TaskDiagnostics.OutputNotWritableFormat),
        ];
        foreach ((DiagnosticDescriptor expected, string code, string format) in pairs)
            Assert.AreEqual((expected.Code, expected.MessageFormat), (code, format));
    }

    private static WorkerRequest Request() => new()
    {
        Command = WorkerRequest.Quantize,
        ProjectDirectory = "/project",
        OutputDirectory = "/project/obj",
        RootNamespace = "App",
        Language = "C#",
        Properties = [new RequestSetting("QuantBuildScheme", Awkward)],
        Models =
        [
            new RequestModel { Include = Awkward, Path = "/project/a.onnx", Name = "a", Metadata = [new RequestSetting("Gate", "Off")], IsCurrent = true },
        ],
        TargetFramework = "net8.0",
        SharedDirectory = "/project/shared",
        IsContinuousIntegration = true,
    };

    /// <summary>Characters of all kinds that JSON and XML treat differently, and none.</summary>
    private static IEnumerable<string> AwkwardTexts() =>
        Enumerable.Range(0, 0x3000).Chunk(64).Select(codes => string.Concat(codes.Select(code => (char)code))).Append("").Append("\U0001F600");

    private static byte[] Serialize(WorkerRequest request)
    {
        using var stream = new MemoryStream();
        using (XmlDictionaryWriter writer = JsonReaderWriterFactory.CreateJsonWriter(stream, Encoding.UTF8, ownsStream: false, indent: true, "  "))
            new DataContractJsonSerializer(typeof(WorkerRequest)).WriteObject(writer, request);
        return stream.ToArray();
    }
}
