using Google.Protobuf;
using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Onnx.Schema;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Generation;

/// <summary>
/// A model file of random structure: inputs and outputs of all types, with shapes of numbers, names and gaps. Its texts are hostile, or
/// harmless with the structure unchanged.
/// </summary>
internal sealed class HostileModelFile(int seed, bool isHostile)
{
    private readonly Random structure = new(seed);
    private readonly HostileTexts texts = new(seed);
    private readonly List<string> symbols = [];
    private int names;

    /// <summary>The sources that the pipeline writes for a project with this model, in the order of compilation.</summary>
    /// <returns>Null when the file name gives a class that cannot be: QB8003 has been told, and nothing is written.</returns>
    public string[]? Generate(string language)
    {
        using TemporaryFolder folder = new();
        string name = isHostile ? FileName() : "plain";
        byte[] model = Model().ToByteArray();
        string path = folder.File(name + ".onnx");
        File.WriteAllBytes(path, model);
        string output = folder.File("output");
        var request = new ProjectRequest(
            folder.Path, output, $"Space{seed}", language, [], [new ModelRequest(name + ".onnx", path, name, [new("Scheme", "Dynamic")])]);
        try
        {
            ProjectResult result = new QuantizationPipeline(engine: null!, new Progress<StageProgress>()).Generate(request, CancellationToken.None);
            Assert.AreEqual("", string.Join('\n', result.Diagnostics.Select(diagnostic => diagnostic.Message)), $"seed {seed}");
        }
        catch (QuantBuildException exception)
        {
            Assert.AreEqual("QB8003", exception.Diagnostic.Code, exception.Message);
            return null;
        }
        return [.. Directory.GetFiles(output).OrderByDescending(file => file.Contains(".metadata.g.", StringComparison.Ordinal)).Select(File.ReadAllText)];
    }

    private ModelProto Model()
    {
        ModelProto model = new()
        {
            IrVersion = 8,
            Domain = Free(),
            DocString = Free(),
            ProducerName = Free(),
            ProducerVersion = Free(),
            Graph = new GraphProto { Name = Free(), DocString = Free() },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.MetadataProps.Add(new StringStringEntryProto { Key = Free(), Value = Free() });
        for (int count = structure.Next(5); count > 0; count--)
            model.Graph.Input.Add(Value());
        for (int count = structure.Next(1, 5); count > 0; count--)
        {
            ValueInfoProto output = Value();
            model.Graph.Output.Add(output);
            NodeProto node = new() { OpType = "Constant", Name = Free(), DocString = Free() };
            node.Output.Add(output.Name);
            model.Graph.Node.Add(node);
        }
        return model;
    }

    private ValueInfoProto Value()
    {
        ValueInfoProto value = new() { Name = Unique("value"), DocString = Free() };
        OnnxElementType type = Enum.GetValues<OnnxElementType>()[structure.Next(17)];
        if (type == OnnxElementType.Undefined)
            return value;
        value.Type = new TypeProto { Denotation = Free(), TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } };
        if (structure.Next(8) == 0)
            return value;
        value.Type.TensorType.Shape = new TensorShapeProto();
        for (int rank = structure.Next(5); rank > 0; rank--)
            value.Type.TensorType.Shape.Dim.Add(Dimension());
        return value;
    }

    private TensorShapeProto.Types.Dimension Dimension()
    {
        TensorShapeProto.Types.Dimension dimension = new() { Denotation = Free() };
        int choice = structure.Next(4);
        if (choice == 0)
            dimension.DimValue = structure.Next(1, 5);
        if (choice < 2)
            return dimension;
        int symbol = structure.Next(4);
        while (symbols.Count <= symbol)
            symbols.Add(Unique("dimension"));
        dimension.DimParam = symbols[symbol];
        return dimension;
    }

    private string Free() => isHostile ? texts.Any() : "text";

    private string Unique(string noun) => isHostile ? texts.Unique() : noun + Identifier();

    /// <summary>In letters, so that it stays as it is in every identifier.</summary>
    private char Identifier() => (char)('a' + names++);

    private string FileName()
    {
        char[] invalid = Path.GetInvalidFileNameChars();
        string name = string.Concat(texts.Unique().Take(60).Where(character => !invalid.Contains(character) && !char.IsSurrogate(character)));
        return name.Trim() is "" or "." or ".." ? "_" : name;
    }
}
