using QuantBuild.Generation.CSharp;
using QuantBuild.Generation.FSharp;
using QuantBuild.Generation.VisualBasic;

namespace QuantBuild.Generation;

/// <summary>A language that classes are generated in.</summary>
/// <param name="Language">As MSBuild calls it.</param>
/// <param name="Extension">Of a source file.</param>
internal sealed record LoaderGenerator(string Language, string Extension, Func<LoaderModel, string> Generate)
{
    private static readonly LoaderGenerator[] all =
    [
        new(CSharpGenerator.Language, "cs", CSharpGenerator.Generate),
        new(FSharpGenerator.Language, "fs", FSharpGenerator.Generate),
        new(VisualBasicGenerator.Language, "vb", VisualBasicGenerator.Generate),
    ];

    /// <returns>Null when no class can be generated in the language.</returns>
    public static LoaderGenerator? For(string language) => Array.Find(all, generator => generator.Language == language);
}
