using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace QuantBuild.Testing;

/// <summary>Assemblies as users build them, compiled in the process.</summary>
internal static class UserAssembly
{
    private const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading;\n";

    /// <summary>Writes <c>NAME.dll</c> and its symbols into a folder.</summary>
    /// <param name="source">In its file <c>Samples.cs</c>, whose first line is one of usings.</param>
    /// <param name="references">Paths of other assemblies of the user.</param>
    public static string Write(string folder, string source, string name = "Samples", params IEnumerable<string> references)
    {
        string path = Path.Combine(folder, name + ".dll");
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(SourceText.From(Usings + source, System.Text.Encoding.UTF8), path: "/sources/Samples.cs")],
            [.. GeneratedCode.References, .. references.Select(reference => MetadataReference.CreateFromFile(reference))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        if (!result.Success)
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
        File.WriteAllBytes(path, code.ToArray());
        File.WriteAllBytes(Path.ChangeExtension(path, ".pdb"), symbols.ToArray());
        return path;
    }
}
