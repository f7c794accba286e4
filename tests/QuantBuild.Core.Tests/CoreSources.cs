using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantBuild.Core.Tests;

/// <summary>One place where a file of the core names something.</summary>
/// <param name="File">Relative to the project, with forward slashes.</param>
/// <param name="FromFolder">Folder of the file; empty for the project's own.</param>
/// <param name="ToFolder">Folder of what is named; empty for the project's own, and for what is not of the core.</param>
/// <param name="IsCallOfAStaticClass">True for a method of a static class: work is asked for, not data.</param>
internal sealed record SymbolUse(
    string File, int Line, string FromFolder, string ToFolder, string Symbol, string Namespace, bool IsCallOfAStaticClass)
{
    /// <summary>False for the project's own files, which may use all folders.</summary>
    public bool CrossesFolders => FromFolder.Length > 0 && ToFolder.Length > 0 && FromFolder != ToFolder;

    public bool IsInNamespace(string name) => Namespace == name || Namespace.StartsWith(name + ".", StringComparison.Ordinal);

    public override string ToString() => $"{File}({Line}): {FromFolder} → {(ToFolder.Length > 0 ? ToFolder : Namespace)} by {Symbol}";
}

/// <summary>The sources of QuantBuild.Core as the compiler understands them.</summary>
internal sealed class CoreSources
{
    private const string RootNamespace = "QuantBuild";

    private const string GlobalUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly Lazy<IReadOnlyList<SyntaxTree>> Files = new(ReadFiles);

    private readonly CSharpCompilation compilation;
    private readonly IReadOnlyList<SyntaxTree> trees;

    /// <param name="trees">All sources.</param>
    /// <param name="examined">Those whose uses are wanted.</param>
    private CoreSources(IReadOnlyList<SyntaxTree> trees, params IEnumerable<SyntaxTree> examined)
    {
        this.trees = trees;
        compilation = CSharpCompilation.Create(
            // The compiled core shows its internals to this name: the classes made from onnx.proto come from there, all others from source.
            typeof(CoreSources).Assembly.GetName().Name,
            trees.Append(CSharpSyntaxTree.ParseText(GlobalUsings)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => path != typeof(CoreSources).Assembly.Location)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        Uses = [.. examined.SelectMany(FindUses)];
    }

    public IReadOnlyList<SymbolUse> Uses { get; }

    /// <summary>Top folders that hold sources.</summary>
    public IReadOnlyList<string> Folders =>
        [.. trees.Select(tree => FolderOf(tree.FilePath)).Where(folder => folder.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Types and namespaces that the compiler does not find: what hangs on them would go unseen.</summary>
    public IEnumerable<string> UnresolvedNames => compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Id is "CS0246" or "CS0234" or "CS0400")
        .Select(diagnostic => diagnostic.ToString());

    public IEnumerable<string> MisplacedNamespaces =>
        from tree in trees
        let folder = Path.GetDirectoryName(tree.FilePath)!.Replace('\\', '/')
        let expected = folder.Length == 0 ? RootNamespace : $"{RootNamespace}.{folder.Replace('/', '.')}"
        from declared in tree.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
        where declared.Name.ToString() != expected
        select $"{tree.FilePath}: namespace {declared.Name}, expected {expected}";

    public static CoreSources OfRepository() => new(Files.Value, Files.Value);

    /// <summary>One more file among the sources, and only its uses.</summary>
    public static CoreSources OfFileBesideRepository(string path, string source)
    {
        SyntaxTree added = CSharpSyntaxTree.ParseText(source, path: path);
        return new CoreSources([.. Files.Value, added], added);
    }

    private static SyntaxTree[] ReadFiles()
    {
        string root = RepositoryFiles.PathOf("src/QuantBuild.Core");
        return
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: Path.GetRelativePath(root, path).Replace('\\', '/'))),
        ];
    }

    private IEnumerable<SymbolUse> FindUses(SyntaxTree tree)
    {
        SemanticModel model = compilation.GetSemanticModel(tree);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (name.Ancestors().Any(ancestor => ancestor is UsingDirectiveSyntax))
                continue;
            SymbolInfo info = model.GetSymbolInfo(name);
            ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            if (type is null)
                continue;
            string space = type.ContainingNamespace.ToDisplayString();
            if (!IsOurs(space) && !space.StartsWith("Google.", StringComparison.Ordinal))
                continue;
            yield return new SymbolUse(
                tree.FilePath,
                name.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
                FolderOf(tree.FilePath),
                IsOurs(space) ? space.Split('.').ElementAtOrDefault(1) ?? "" : "",
                symbol!.ToDisplayString(),
                space,
                symbol is IMethodSymbol { ContainingType.IsStatic: true });
        }
    }

    private static bool IsOurs(string space) => space == RootNamespace || space.StartsWith(RootNamespace + ".", StringComparison.Ordinal);

    private static string FolderOf(string path) => path.IndexOf('/', StringComparison.Ordinal) is >= 0 and var end ? path[..end] : "";
}
