using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace QuantBuild.Testing;

/// <summary>A project of a user that generated C# becomes a part of, compiled in the process.</summary>
/// <param name="Framework">Whose assemblies it is compiled against: <c>netstandard2.0</c>, <c>net8.0</c>, or <c>net10.0</c>, the one of the
/// test itself.</param>
internal sealed record Consumer(string Framework, LanguageVersion Language, NullableContextOptions Nullable)
{
    private const string InjectionSymbol = "QUANTBUILD_DEPENDENCYINJECTION";

    private const string RuntimeSymbol = "QUANTBUILD_ONNXRUNTIME";

    public bool HasRuntime { get; init; } = true;

    public bool HasInjection { get; init; } = true;

    /// <summary>What the SDK defines for the framework, as far as generated code asks for it.</summary>
    private IEnumerable<string> FrameworkSymbols => Framework == "netstandard2.0"
        ? ["NETSTANDARD", "NETSTANDARD2_0", "NETSTANDARD2_0_OR_GREATER"]
        : ["NET", "NETCOREAPP", "NET5_0_OR_GREATER", "NET6_0_OR_GREATER", "NET7_0_OR_GREATER", "NET8_0_OR_GREATER"];

    private IEnumerable<string> Symbols => [.. FrameworkSymbols, .. HasRuntime ? [RuntimeSymbol] : Array.Empty<string>(), .. HasInjection ? [InjectionSymbol] : Array.Empty<string>()];

    private ImmutableArray<MetadataReference> References => Framework == "net10.0"
        ? GeneratedCode.References
        :
        [
            .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "References", Framework), "*.dll")
                .Order(StringComparer.Ordinal)
                .Where(file => HasRuntime || !IsCalled(file, "Microsoft.ML.OnnxRuntime"))
                .Where(file => HasInjection || !IsCalled(file, "Microsoft.Extensions.DependencyInjection.Abstractions"))
                .Select(file => MetadataReference.CreateFromFile(file)),
        ];

    /// <summary>With what is referenced told to the sources.</summary>
    public CSharpParseOptions ParseOptions => new(Language, DocumentationMode.Diagnose, preprocessorSymbols: Symbols);

    /// <summary>With every warning there is as an error, documentation comments checked, and arithmetic checked.</summary>
    public CSharpCompilation Compile(params IEnumerable<string> sources)
    {
        CSharpParseOptions parse = ParseOptions;
        return CSharpCompilation.Create(
            "Consumer",
            sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, parse, $"Source{index}.g.cs")),
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                checkOverflow: true,
                warningLevel: 9999,
                generalDiagnosticOption: ReportDiagnostic.Error,
                nullableContextOptions: Nullable));
    }

    private static bool IsCalled(string file, string name) => Path.GetFileNameWithoutExtension(file) == name;
}
