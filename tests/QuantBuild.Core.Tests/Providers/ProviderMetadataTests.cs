using QuantBuild.Diagnostics;
using QuantBuild.Providers;
using QuantBuild.Settings;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Providers;

[TestClass]
public sealed class ProviderMetadataTests : IDisposable
{
    private const string Method = "public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path) => [];";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    [DataRow("My.Samples", "My.Samples")]
    [DataRow("Samples", "My.Samples")]
    [DataRow(null, "My.Samples")]
    [DataRow("My.Outer+Inner", "My.Outer+Inner")]
    public void FindType_ClassThatIsThere_GivesItsFullName(string? wanted, string expected)
    {
        string nested = wanted is null ? "" : $"public class Outer {{ public class Inner {{ {Method} }} }}";
        string path = UserAssembly.Write(folder.Path, $"namespace My {{ public class Samples {{ {Method} }} class Hidden {{ {Method} }} public class Other {{ }} {nested} }}");

        Assert.AreEqual(expected, ProviderMetadata.FindType(new ProviderReference(path, wanted, "x")));
    }

    [TestMethod]
    [DataRow("My.Sample", $"namespace My; public class Samples {{ {Method} }}", "no type 'My.Sample'. Is 'My.Samples' meant?")]
    [DataRow("Your.Samples", $"namespace My; public class Samples {{ {Method} }}", "Is 'My.Samples' meant?")]
    [DataRow("Samples", $"namespace A {{ public class Samples {{ {Method} }} }} namespace B {{ public class Samples {{ {Method} }} }}", "may be any of 'A.Samples', 'B.Samples'")]
    [DataRow(null, $"namespace A {{ public class Samples {{ {Method} }} }} namespace B {{ public class Samples {{ {Method} }} }}", "several of its classes have a method GetSamples: 'A.Samples', 'B.Samples'")]
    [DataRow("Samples", $"class Samples {{ {Method} }}", "'Samples' is not public")]
    [DataRow("Samples", $"public abstract class Samples {{ {Method} }}", "is abstract or static")]
    [DataRow("Samples", $"public struct Samples {{ {Method} }}", "is no class")]
    [DataRow("Samples`1", $"public class Samples<T> {{ {Method} }}", "has type parameters")]
    [DataRow("Samples", $"public class Samples {{ public Samples(int a) {{ }} {Method} }}", "has no public constructor without parameters")]
    [DataRow("Samples", "public class Samples { public void GetSample(string path) { } }", "has no public method GetSamples; it needs public IEnumerable")]
    [DataRow("Samples", """[assembly: System.Runtime.Versioning.TargetFramework(".NETCoreApp,Version=v99.0")] public class Samples { }""", "it is made for .NET 99.0, and the build runs it in .NET")]
    [DataRow("Samples", """[assembly: System.Runtime.Versioning.TargetFramework(".NETFramework,Version=v4.8")] public class Samples { }""", "it is made for .NET Framework 4.8")]
    [DataRow("Samples", "[assembly: System.Runtime.CompilerServices.ReferenceAssembly] public class Samples { }", "it is a reference assembly")]
    public void FindType_ClassThatCannotBeUsed_SaysWhy(string? wanted, string source, string why) =>
        StringAssert.Contains(Refusal(new ProviderReference(UserAssembly.Write(folder.Path, source), wanted, "x")), why);

    [TestMethod]
    public void FindType_FileThatIsNoAssembly_SaysWhatToGive()
    {
        File.WriteAllText(folder.File("Samples.csproj"), "<Project />");

        StringAssert.Contains(Refusal(new ProviderReference(folder.File("Samples.csproj"), "My.Samples", "x")), "is no .NET assembly. Give the .dll");
        StringAssert.Contains(Refusal(new ProviderReference(folder.File("none.dll"), "My.Samples", "x")), "ReferenceOutputAssembly");
    }

    [TestMethod]
    public void ProviderFiles_AssembliesBeside_AreThoseThatAreReferred()
    {
        string inner = UserAssembly.Write(folder.Path, "public class Inner { public static int Value; }", "Inner");
        string middle = UserAssembly.Write(folder.Path, "public class Middle { public static int Value => Inner.Value; }", "Middle", inner);
        UserAssembly.Write(folder.Path, "public class Unrelated { }", "Unrelated");
        string outer = UserAssembly.Write(folder.Path, $"public class Samples {{ public int Value => Middle.Value; {Method} }}", "Outer", inner, middle);
        File.WriteAllText(folder.File("Outer.deps.json"), "{}");

        CollectionAssert.AreEqual(
            new[] { outer, inner, middle, folder.File("Outer.deps.json") },
            ProviderFiles.Of(new ProviderReference(outer, null, "x")).ToArray());
    }

    [TestMethod]
    public void Parse_PathAndType_AreApart()
    {
        ProviderReference reference = ProviderReference.Parse("a/b.dll;My.Samples", path => "/project/" + path);

        Assert.AreEqual(("/project/a/b.dll", "My.Samples", "a/b.dll;My.Samples"), (reference.Assembly, reference.TypeName, reference.DisplayName));
        Assert.IsNull(ProviderReference.Parse("a/b.dll", path => path).TypeName);
        Assert.AreEqual("shown;My.Samples", ProviderReference.ForReport("/project/a/b.dll;My.Samples", _ => "shown"));
    }

    private static string Refusal(ProviderReference reference) =>
        Assert.ThrowsExactly<InvalidDataException>(() => ProviderMetadata.FindType(reference)).Message;
}
