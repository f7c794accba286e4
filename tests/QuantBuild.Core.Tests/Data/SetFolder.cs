using System.Text;
using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

/// <summary>A folder in which a test arranges data, and what a build makes of it.</summary>
internal sealed class SetFolder : IDisposable
{
    public static readonly DiagnosticOrigin Origin = new("model.onnx", "CalibrationData");

    private readonly TemporaryFolder folder = new();

    public ModelBuilder Model { get; set; } = new ModelBuilder().Input("x", "n,2");

    public SampleSetRequest Request { get; set; } = new();

    public string PathOf(string name) => Path.Combine(folder.Path, name);

    public SetFolder Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), content);
        return this;
    }

    public SetFolder Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public SetFolder WriteNpy(string name, long[] shape, params float[] values) => Write(name, NpzWriter.Npy(NamedArray.Of("x", shape, values)));

    public ISampleSource Open(string name)
    {
        ModelSignature signature = Model.Build().Signature;
        Request = Request with { Inputs = signature.Inputs };
        return SampleSources.Open(PathOf(name), name, Origin, Request);
    }

    public SampleBinding Bind(string name)
    {
        var problems = new DiagnosticBag();
        SampleBinding? binding = SampleBinding.Bind(Open(name), Model.Build().Signature, Origin, problems, Request);
        return binding ?? throw new QuantBuildException(problems.Diagnostics[0]);
    }

    /// <summary>Every batch of one sample as <c>name[shape]: values</c>, and its label.</summary>
    public string[] Read(string name, int batch = 1) => [.. new SampleStream(Bind(name), SampleSelection.All, batch).Read().Select(Shown)];

    /// <summary>The message of what is wrong, with its code.</summary>
    public string Problem(string name)
    {
        QuantBuildException exception = Assert.ThrowsExactly<QuantBuildException>(() => Read(name));
        return $"{exception.Diagnostic.Code}: {exception.Message}";
    }

    public void Dispose() => folder.Dispose();

    private static string Shown(SampleBatch batch) =>
        string.Join(' ', batch.Inputs.Select(input => $"{input.Name}[{string.Join(',', input.Shape)}]:{ValuesOf(input)}"))
        + (batch.Labels.Count == 0 ? "" : $" = {string.Join(',', batch.Labels)}");

    private static string ValuesOf(InputTensor input) => string.Join(
        ',', new SampleValue(input.ElementType, input.Shape, input.Bytes).ToDoubles()!.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
