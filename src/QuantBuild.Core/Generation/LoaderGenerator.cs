using QuantBuild.Generation.CSharp;
using QuantBuild.Generation.FSharp;
using QuantBuild.Generation.VisualBasic;

namespace QuantBuild.Generation;

/// <summary>A language that classes are generated in.</summary>
/// <param name="Language">As MSBuild calls it.</param>
/// <param name="Extension">Of a source file.</param>
/// <param name="Generate">Writes the class.</param>
/// <param name="GenerateMetadata">Writes the constants of the class that are known only after the model has been quantized.</param>
internal sealed record LoaderGenerator(
    string Language, string Extension, Func<LoaderModel, string> Generate, Func<LoaderModel, ModelMeasurements, string> GenerateMetadata)
{
    private static readonly LoaderGenerator[] all =
    [
        new(CSharpGenerator.Language, "cs", CSharpGenerator.Generate, CSharpGenerator.GenerateMetadata),
        new(FSharpGenerator.Language, "fs", FSharpGenerator.Generate, FSharpGenerator.GenerateMetadata),
        new(VisualBasicGenerator.Language, "vb", VisualBasicGenerator.Generate, VisualBasicGenerator.GenerateMetadata),
    ];

    /// <returns>Null when no class can be generated in the language.</returns>
    public static LoaderGenerator? For(string language) => Array.Find(all, generator => generator.Language == language);
}
